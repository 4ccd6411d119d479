using Grid.Kernel.Compute;
using Grid.Kernel.Health;
using Grid.Messaging;

namespace Grid.Kernel.Administration;

/// <summary>What answers to operators are made of.</summary>
internal sealed record NodeDeskParts
{
    /// <summary>The local node's record as it is now.</summary>
    public required Func<NodeInfo> LocalNode { get; init; }

    public required ComputeService Compute { get; init; }

    /// <summary>How the members stand.</summary>
    public required IHealthView Health { get; init; }

    /// <summary>What the members say of themselves.</summary>
    public required IMetricsView Metrics { get; init; }

    public required FlightRecorder Recorder { get; init; }

    public required Messenger Messenger { get; init; }

    /// <summary>Carries out drain requests.</summary>
    public required Func<DrainRequest, Task<DrainAnswer>> Drain { get; init; }

    public required TimeProvider Time { get; init; }
}
