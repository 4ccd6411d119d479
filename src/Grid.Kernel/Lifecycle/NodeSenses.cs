using Grid.Kernel.Gossip;
using Grid.Kernel.Health;
using Grid.Kernel.Membership;
using Grid.Messaging;
using Grid.Spi;

namespace Grid.Kernel.Lifecycle;

/// <summary>What a node perceives of itself and the others: metrics, health, and the record of both.</summary>
internal sealed class NodeSenses : IDisposable
{
    public NodeSenses(GridRuntimeSettings settings, GridRuntimeParts parts, NodeInfo identity, Messenger messenger, MembershipService membership)
    {
        NodeId? local = settings.IsClient ? null : identity.Id;
        Gossip = new GossipService(settings.Gossip, new GossipParts
        {
            LocalId = local,
            Messenger = messenger,
            Topology = membership,
            Registry = settings.Gossip.Exchange == MetricsExchange.Discovery ? RegistryOf(parts.Discovery) : null,
            Time = parts.Time,
            Random = new Random(parts.Random.Next()),
            Loggers = parts.Loggers,
            Meters = parts.Meters,
        });
        Recorder = new FlightRecorder(parts.Time, settings.Health.EventsMax);
        Health = new HealthService(settings.Health, new HealthParts
        {
            LocalId = local,
            Slots = identity.Slots,
            Messenger = messenger,
            Topology = membership,
            Metrics = Gossip.View,
            Recorder = Recorder,
            Time = parts.Time,
            Loggers = parts.Loggers,
            Meters = parts.Meters,
        });
    }

    public GossipService Gossip { get; }

    public FlightRecorder Recorder { get; }

    public HealthService Health { get; }

    /// <summary>Connects the senses with what measures and with what acts on them; before the start.</summary>
    /// <param name="sources">The parts that know figures of the node.</param>
    /// <param name="metricsChanged">Called on the gossip thread after metrics have changed.</param>
    /// <param name="concluded">Told how the members stand.</param>
    public void Connect(IReadOnlyList<IMetricsSource> sources, Action metricsChanged, Action<HealthView> concluded)
    {
        foreach (var source in sources)
        {
            Gossip.AddSource(source);
        }

        Gossip.AddSource(Health); // The last: it judges the figures of the others.
        Gossip.Published = metricsChanged;
        Health.Concluded = concluded;
    }

    public void Dispose()
    {
        Gossip.Dispose();
        Health.Dispose();
    }

    private static IMemberMetricsSpi RegistryOf(IDiscoverySpi discovery) => discovery as IMemberMetricsSpi
        ?? throw new GridConfigurationException([$"Grid:Metrics:Exchange: {discovery.GetType().Name} cannot keep metrics in the registry. Exchange them by Gossip."]);
}
