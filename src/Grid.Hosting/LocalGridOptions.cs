using Grid.Spi;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Hosting;

/// <summary>How a <see cref="LocalGrid"/> is made.</summary>
public sealed class LocalGridOptions
{
    /// <summary>How many nodes to start with: 0 to 1,000, default 3. Each has sockets and a handful of threads of its own.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>
    /// How many jobs run at once on each node: 0 to 4,096. 0 (default): the processors divided among <see cref="Nodes"/>, at least one. More makes jobs
    /// compete for the same processors; it pays for jobs that wait.
    /// </summary>
    public int SlotsPerNode { get; init; }

    /// <summary>How many jobs each submitter has under way at most: 1 to 1,000,000, default 4,096; see <see cref="ComputeOptions.InFlightMax"/>.</summary>
    public int InFlightMax { get; init; } = 4096;

    /// <summary>How long a node that stops lets its running jobs finish: 0 to 1 hour, default 5 s; see <see cref="NodeOptions.DrainTimeout"/>.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Makes the load balancer of each submitter; by default the adaptive one.</summary>
    public Func<ILoadBalancingSpi>? CreateBalancer { get; init; }

    /// <summary>What each node has beside slots, see <see cref="NodeOptions.Resources"/>; nothing by default.</summary>
    public ResourceAmounts ResourcesPerNode { get; init; } = ResourceAmounts.None;

    /// <summary>How long a job that was cancelled may go on before it is abandoned: 0 to 1 hour, default 5 s; see <see cref="ComputeOptions.CancelGrace"/>.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Makes what decides who gets the next slot, once for each node and for the client, which does not use it; by default first come, first served.</summary>
    public Func<ICollisionSpi>? CreateCollision { get; init; }

    /// <summary>Makes what decides about jobs of each submitter that were lost or refused; by default they are always tried again.</summary>
    public Func<IFailoverSpi>? CreateFailover { get; init; }

    /// <summary>Keeps the checkpoints of jobs on all nodes; by default a store in memory of this grid's own.</summary>
    public ICheckpointSpi? Checkpoints { get; init; }

    /// <summary>Adds services: logging providers, a clock, or what jobs take from <see cref="IJobContext.Services"/>. One container serves all nodes.</summary>
    public Action<IServiceCollection>? AddServices { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Nodes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Nodes, 1000);
        ArgumentOutOfRangeException.ThrowIfNegative(SlotsPerNode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SlotsPerNode, 4096);
        ArgumentOutOfRangeException.ThrowIfLessThan(InFlightMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(InFlightMax, 1_000_000);
        ArgumentNullException.ThrowIfNull(ResourcesPerNode);
        ArgumentOutOfRangeException.ThrowIfLessThan(CancelGrace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CancelGrace, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(DrainTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DrainTimeout, TimeSpan.FromHours(1));
    }
}
