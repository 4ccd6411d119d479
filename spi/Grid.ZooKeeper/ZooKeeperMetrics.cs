using System.Diagnostics.Metrics;

namespace Grid.ZooKeeper;

/// <summary>What the client counts, on the meter <c>Grid.ZooKeeper</c>.</summary>
internal sealed class ZooKeeperMetrics
{
    private readonly Counter<long>? _connectionsLost;
    private readonly Counter<long>? _pings;
    private readonly Counter<long>? _watchEvents;
    private readonly Counter<long>? _refused;

    public ZooKeeperMetrics(IMeterFactory? factory, Func<int> pendingRequests, Func<int> watches)
    {
        if (factory is null)
        {
            return;
        }

        var meter = factory.Create("Grid.ZooKeeper");
        _connectionsLost = meter.CreateCounter<long>("grid.zookeeper.connections.lost", "{connection}", "Connections that were lost.");
        _pings = meter.CreateCounter<long>("grid.zookeeper.pings", "{ping}", "Pings sent.");
        _watchEvents = meter.CreateCounter<long>("grid.zookeeper.watch.events", "{event}", "Watch events received.");
        _refused = meter.CreateCounter<long>("grid.zookeeper.requests.refused", "{request}", "Requests refused because a limit of the client was reached.");
        meter.CreateObservableGauge("grid.zookeeper.requests.pending", pendingRequests, "{request}", "Requests without an answer.");
        meter.CreateObservableGauge("grid.zookeeper.watches", watches, "{watch}", "Watches that are set.");
    }

    public void ConnectionLost() => _connectionsLost?.Add(1);

    public void PingSent() => _pings?.Add(1);

    public void WatchEvent() => _watchEvents?.Add(1);

    public void Refused() => _refused?.Add(1);
}
