using Grid.Kernel.Deployment;
using Grid.Kernel.Health;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>What the submitting of jobs needs from the rest of the node.</summary>
internal sealed record JobSubmitterParts
{
    public required NodeId LocalId { get; init; }

    public required TargetDirectory Directory { get; init; }

    public required ComputeProviders Providers { get; init; }

    /// <summary>Names the code of jobs and gives it to the nodes.</summary>
    public required DeploymentService Deployment { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Draws the pauses between attempts; used under a lock.</summary>
    public required Random Random { get; init; }

    public required ILogger Logger { get; init; }

    public required ComputeMetrics Metrics { get; init; }

    /// <summary>Where failed attempts are noted; null for nowhere.</summary>
    public FlightRecorder? Recorder { get; init; }
}
