using Grid.Kernel.Gossip;
using Grid.Messaging;
using Grid.Testing.Network;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Kernel.Tests.Gossip;

/// <summary>Gossip services with links between them, over a network in memory; the last may be a client.</summary>
internal sealed class GossipRig : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly InMemoryNetwork _network = new(new InMemoryNetworkOptions { Seed = 1 });
    private readonly List<Messenger> _messengers = [];

    public List<GossipService> Services { get; } = [];

    public NodeInfo[] Nodes { get; private set; } = [];

    public static async Task<GossipRig> StartAsync(int workers, bool withClient, GossipOptions options)
    {
        var rig = new GossipRig();
        for (var i = 0; i < workers + (withClient ? 1 : 0); i++)
        {
            var provider = rig._network.CreateProvider($"host{i}");
            rig._messengers.Add(new Messenger(new MessengerOptions(), provider, new MessengerServices(TimeProvider.System, i, NullLoggerFactory.Instance)));
        }

        var endpoints = await Task.WhenAll(rig._messengers.Take(workers).Select(messenger => messenger.ListenAsync(CancellationToken.None)));
        rig.Nodes = [.. endpoints.Select((list, i) => new NodeInfo { Id = new NodeId((UInt128)(i + 1)), Name = $"n{i + 1}", JoinOrder = i + 1, Slots = 1, Endpoints = [.. list] })];
        for (var i = 0; i < rig._messengers.Count; i++)
        {
            rig.Start(i, i < workers, options);
        }

        return rig;
    }

    /// <summary>Ends when the service at a position knows all members; returns false when that takes too long.</summary>
    public bool WaitUntilKnown(int at)
    {
        using var known = new ManualResetEventSlim();
        Services[at].Published = () => SetIfKnown(at, known);
        SetIfKnown(at, known);
        var isKnown = known.Wait(Patience);
        Services[at].Published = null;
        return isKnown;
    }

    public async ValueTask DisposeAsync()
    {
        Services.ForEach(service => service.Dispose());
        foreach (var messenger in _messengers)
        {
            await messenger.DisposeAsync();
        }

        _network.Dispose();
    }

    private void SetIfKnown(int at, ManualResetEventSlim known)
    {
        if (Services[at].View.All.All(reading => reading.Freshness == MetricsFreshness.Fresh))
        {
            known.Set();
        }
    }

    private void Start(int i, bool isWorker, GossipOptions options)
    {
        var service = new GossipService(options, new GossipParts
        {
            LocalId = isWorker ? Nodes[i].Id : null,
            Messenger = _messengers[i],
            Topology = new FixedTopology(Nodes),
            Time = TimeProvider.System,
            Random = new Random(i),
            Loggers = NullLoggerFactory.Instance,
        });
        Services.Add(service);
        var self = isWorker ? Nodes[i] : new NodeInfo { Id = new NodeId(1000), Name = "client" };
        _messengers[i].Start(new LocalPeer(self, new ClusterId(7)));
        ((Grid.Kernel.Membership.IMembershipObserver)service).OnChange(new TopologyView(1, Nodes), []);
        service.Start();
    }
}
