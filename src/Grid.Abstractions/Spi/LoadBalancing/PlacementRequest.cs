namespace Grid.Spi;

/// <summary>What a load balancer is told about the job that it chooses a node for.</summary>
/// <param name="AffinityKey"><see cref="JobOptions.AffinityKey"/>: jobs with one key belong together; <see langword="null"/> for none.</param>
public readonly record struct PlacementRequest(string? AffinityKey);
