using Grid.Kernel.Deployment;
using Grid.Kernel.Health;
using Grid.Serialization;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>What the running of jobs needs from the rest of the node.</summary>
internal sealed record JobHostParts
{
    /// <summary>How many jobs run at once.</summary>
    public required int Slots { get; init; }

    /// <summary>What jobs may need of the node beside slots.</summary>
    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;

    /// <summary>Decides who gets the next slot.</summary>
    public required ICollisionSpi Collision { get; init; }

    /// <summary>For jobs that run in this program's own code.</summary>
    public required GridSerializer Serializer { get; init; }

    /// <summary>Brings the code of jobs here; null when all jobs run in this program's own code.</summary>
    public DeploymentService? Deployment { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>The logger that jobs write to.</summary>
    public required ILogger JobLogger { get; init; }

    public required IServiceProvider Services { get; init; }

    /// <summary>The local node's record as it is now.</summary>
    public required Func<NodeInfo> LocalNode { get; init; }

    /// <summary>Whether the node has lost its membership, asked before each commit.</summary>
    public required Func<bool> IsFenced { get; init; }

    /// <summary>The grid that a job submits nested work to.</summary>
    public required Func<JobRun, IGrid> GridFor { get; init; }

    /// <summary>Runs the jobs that are fork/join computations.</summary>
    public required IForkJoinEngine ForkJoin { get; init; }

    /// <summary>Keeps the checkpoints of jobs; null when none is configured.</summary>
    public ICheckpointSpi? Checkpoints { get; init; }

    public required ComputeMetrics Metrics { get; init; }

    public required JobStatistics Statistics { get; init; }

    /// <summary>Where the ways of jobs are noted; null for nowhere.</summary>
    public FlightRecorder? Recorder { get; init; }
}
