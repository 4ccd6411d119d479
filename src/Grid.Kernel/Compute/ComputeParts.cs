using System.Diagnostics.Metrics;
using Grid.Kernel.Deployment;
using Grid.Kernel.Health;
using Grid.Kernel.Membership;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute;

/// <summary>What the compute part needs from the rest of the node.</summary>
internal sealed record ComputeParts
{
    public required NodeId LocalId { get; init; }

    /// <summary>How many jobs run here at once; 0 for a client, which runs none.</summary>
    public required int Slots { get; init; }

    public required Messenger Messenger { get; init; }

    public required MembershipService Membership { get; init; }

    /// <summary>What is known of the members' metrics.</summary>
    public required IMetricsView Metrics { get; init; }

    /// <summary>How the members stand.</summary>
    public required IHealthView Health { get; init; }

    /// <summary>Where failed attempts and followed jobs are noted.</summary>
    public required FlightRecorder Recorder { get; init; }

    /// <summary>The local node's record as it is now.</summary>
    public required Func<NodeInfo> LocalNode { get; init; }

    /// <summary>The code of jobs.</summary>
    public required DeploymentService Deployment { get; init; }

    /// <summary>Runs the jobs that are fork/join computations.</summary>
    public required IForkJoinEngine ForkJoin { get; init; }

    public required ComputeProviders Providers { get; init; }

    /// <summary>What this node has beside slots.</summary>
    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;

    public required TimeProvider Time { get; init; }

    /// <summary>Seeds the pauses between attempts.</summary>
    public required int Seed { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Where metrics go, or null for nowhere.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>What jobs find under <see cref="IJobContext.Services"/>.</summary>
    public required IServiceProvider Services { get; init; }
}
