using Grid.Spi;

namespace Grid.Kernel.Compute;

/// <summary>The providers that decide about jobs. Whoever made them owns them.</summary>
internal sealed record ComputeProviders
{
    /// <summary>Chooses the nodes of attempts.</summary>
    public required ILoadBalancingSpi Balancer { get; init; }

    /// <summary>Decides which of the jobs that wait here gets the next slot; a client has no use for it.</summary>
    public required ICollisionSpi Collision { get; init; }

    /// <summary>Decides what becomes of jobs whose attempts failed; without one they are tried elsewhere at once.</summary>
    public IFailoverSpi? Failover { get; init; }

    /// <summary>Keeps the checkpoints of jobs; null when there is none.</summary>
    public ICheckpointSpi? Checkpoints { get; init; }
}
