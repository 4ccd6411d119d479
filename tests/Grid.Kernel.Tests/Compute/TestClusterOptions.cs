using Grid.Kernel.Compute;
using Grid.Kernel.ForkJoin;
using Grid.Kernel.Gossip;
using Grid.Kernel.Health;
using Grid.Messaging;
using Grid.Spi;

namespace Grid.Kernel.Tests.Compute;

/// <summary>What a <see cref="TestCluster"/> is made of.</summary>
internal sealed record TestClusterOptions
{
    public int Seed { get; init; } = 1;

    public ComputeOptions Compute { get; init; } = new();

    public MessengerOptions Messaging { get; init; } = new();

    public GossipOptions Gossip { get; init; } = new();

    public HealthOptions Health { get; init; } = new();

    /// <summary>Makes the pipes of one node; sockets on loopback when null.</summary>
    public Func<ICommunicationSpi>? Communication { get; init; }

    /// <summary>Decides about failed attempts of every submitter; null for none.</summary>
    public IFailoverSpi? Failover { get; init; }

    public ForkJoinOptions ForkJoin { get; init; } = new();
}
