namespace Grid.Hosting;

/// <summary>
/// The configuration of a node: the section <c>Grid</c>. All of it is validated together at start; what is wrong is listed in one
/// <see cref="GridConfigurationException"/>. It is not read again afterwards.
/// </summary>
public sealed class GridOptions
{
    /// <summary>
    /// <c>Cluster</c>: the name of the cluster to join, 1 to 128 characters. Required. Nodes of different names never meet, even in one registry.
    /// </summary>
    public required string Cluster { get; init; }

    /// <summary><c>Node</c>: who this node is and how much it takes on.</summary>
    public NodeOptions Node { get; init; } = new();

    /// <summary><c>Discovery:Provider</c>: how members find each other. Required; <c>InMemory</c> (the nodes of one process), <c>ZooKeeper</c> or a name that was registered.</summary>
    public required string DiscoveryProvider { get; init; }

    /// <summary><c>Communication:Provider</c>: how bytes travel. Default <c>Tcp</c>.</summary>
    public string CommunicationProvider { get; init; } = "Tcp";

    /// <summary>
    /// <c>LoadBalancing:Provider</c>: who chooses among the nodes that may run a job. <c>Adaptive</c> (default) weighs what the nodes tell of their load and speed;
    /// <c>LeastInFlight</c> sees only what this node has sent itself; <c>RoundRobin</c> and <c>WeightedRandom</c> are for even work, the latter by slots; <c>ConsistentHash</c>
    /// keeps jobs of one <see cref="JobOptions.AffinityKey"/> together.
    /// </summary>
    public string LoadBalancingProvider { get; init; } = "Adaptive";

    /// <summary><c>Collision</c>: who gets the next slot of this node.</summary>
    public CollisionOptions Collision { get; init; } = new();

    /// <summary><c>Failover</c>: what becomes of jobs that this node submitted when an attempt is lost or refused.</summary>
    public FailoverOptions Failover { get; init; } = new();

    /// <summary><c>Checkpoint</c>: where jobs on this node save what their next attempt is to go on with.</summary>
    public CheckpointOptions Checkpoint { get; init; } = new();

    /// <summary><c>Metrics</c>: how nodes learn of each other's load.</summary>
    public MetricsOptions Metrics { get; init; } = new();

    /// <summary><c>Health</c>: when members are suspected and when this node starves.</summary>
    public HealthOptions Health { get; init; } = new();

    /// <summary><c>Compute</c>: limits of the work that this node submits and runs.</summary>
    public ComputeOptions Compute { get; init; } = new();

    /// <summary><c>ForkJoin</c>: limits of fork/join computations.</summary>
    public ForkJoinOptions ForkJoin { get; init; } = new();

    /// <summary><c>Deployment</c>: how code travels.</summary>
    public DeploymentOptions Deployment { get; init; } = new();

    /// <summary><c>Client</c>: how a client connects; a node does not use it.</summary>
    public ClientOptions Client { get; init; } = new();

    /// <summary>
    /// <c>Plugins</c>: assemblies that bring further providers, paths from the content root (for a program without a host: from its own folder). Each is loaded with the
    /// dependencies beside it; see <see cref="Spi.IGridPlugin"/>.
    /// </summary>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    /// <summary><c>Security</c>: how nodes prove that they belong together.</summary>
    public SecurityOptions Security { get; init; } = new();
}
