using System.Collections.Immutable;
using Grid.Kernel.Compute;
using Grid.Kernel.Deployment;
using Grid.Kernel.ForkJoin;
using Grid.Kernel.Gossip;
using Grid.Kernel.Health;
using Grid.Kernel.Membership;
using Grid.Messaging;
using Grid.Serialization;

namespace Grid.Kernel.Lifecycle;

/// <summary>Who a node is and what its parts may use. Validated by the host.</summary>
internal sealed record GridRuntimeSettings
{
    /// <summary>The name in the topology.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it only submits: it listens nowhere, registers nothing and runs no jobs.</summary>
    public bool IsClient { get; init; }

    /// <summary>How many jobs run at once; at least 1 for a worker, not used for a client.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Facts for placement.</summary>
    public ImmutableSortedDictionary<string, string> Attributes { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>What the node has beside slots; the others see it in its attributes.</summary>
    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;

    /// <summary>How long running jobs may take to end when the node stops; after it they are cancelled and their submitters try elsewhere.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the good-bye to the registry may take.</summary>
    public TimeSpan LeaveTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public ComputeOptions Compute { get; init; } = new();

    public GossipOptions Gossip { get; init; } = new();

    public HealthOptions Health { get; init; } = new();

    public DeploymentOptions Deployment { get; init; } = new();

    public ForkJoinOptions ForkJoin { get; init; } = new();

    public MembershipOptions Membership { get; init; } = new();

    public MessengerOptions Messaging { get; init; } = new();

    public SerializerOptions Serialization { get; init; } = new();
}
