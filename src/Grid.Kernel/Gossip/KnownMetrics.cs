namespace Grid.Kernel.Gossip;

/// <summary>What is known of a member's figures. Immutable.</summary>
/// <param name="Key">The membership that measured.</param>
/// <param name="Metrics">The figures.</param>
/// <param name="SampledAt">When, on the local clock.</param>
internal sealed record KnownMetrics(NodeKey Key, NodeMetrics Metrics, TimeSpan SampledAt);
