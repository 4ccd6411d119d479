using System.Diagnostics.Metrics;
using Grid.Kernel.Compute;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Lifecycle;

/// <summary>What a node is made of. The runtime owns the two providers that are disposable and ends them.</summary>
internal sealed record GridRuntimeParts
{
    public required IDiscoverySpi Discovery { get; init; }

    public required ICommunicationSpi Communication { get; init; }

    public required ILoadBalancingSpi Balancer { get; init; }

    /// <summary>Decides who gets the next slot; a client has no use for it.</summary>
    public required ICollisionSpi Collision { get; init; }

    /// <summary>Decides what becomes of jobs whose attempts failed; without one they are tried elsewhere at once.</summary>
    public IFailoverSpi? Failover { get; init; }

    /// <summary>Keeps the checkpoints of jobs; null when there is none.</summary>
    public ICheckpointSpi? Checkpoints { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Seeds every draw of the node: its id, jitter, pauses.</summary>
    public required Random Random { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Where metrics go, or null for nowhere.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>What jobs find under <see cref="IJobContext.Services"/>.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Ends the node together with its process, when an operator stops it; null when the node stops by itself.</summary>
    public Action? StopProcess { get; init; }

    /// <summary>The providers that decide about jobs.</summary>
    public ComputeProviders ForCompute => new() { Balancer = Balancer, Collision = Collision, Failover = Failover, Checkpoints = Checkpoints };
}
