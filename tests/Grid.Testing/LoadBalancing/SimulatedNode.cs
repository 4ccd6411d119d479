namespace Grid.Testing;

/// <summary>A node of a <see cref="LoadBalancingSimulation"/>.</summary>
/// <param name="Slots">How many jobs run at once; at least 1.</param>
/// <param name="Speed">Its speed; 1 runs a job in the time that the job says, 0.1 in ten times that.</param>
public sealed record SimulatedNode(int Slots, double Speed)
{
    /// <summary>Whether it tells nothing of itself.</summary>
    public bool IsSilent { get; init; }
}
