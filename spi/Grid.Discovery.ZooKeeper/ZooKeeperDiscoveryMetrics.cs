using System.Diagnostics.Metrics;

namespace Grid.Discovery.ZooKeeper;

/// <summary>The instruments of the meter <c>Grid.Discovery.ZooKeeper</c>, and a count of the requests. Without a factory only that.</summary>
internal sealed class ZooKeeperDiscoveryMetrics
{
    private readonly Counter<long>? _requests;
    private readonly Counter<long>? _quarantined;
    private readonly Counter<long>? _losses;
    private readonly Histogram<double>? _reads;
    private long _requestCount;

    public ZooKeeperDiscoveryMetrics(IMeterFactory? meters)
    {
        if (meters?.Create("Grid.Discovery.ZooKeeper") is not { } meter)
        {
            return;
        }

        _requests = meter.CreateCounter<long>("grid.discovery.requests", "{request}", "Requests to ZooKeeper, by kind; pings are the client's.");
        _quarantined = meter.CreateCounter<long>("grid.discovery.quarantined", "{znode}", "Children of the member list that are ignored because they are no usable record.");
        _losses = meter.CreateCounter<long>("grid.discovery.losses", "{loss}", "Memberships lost.");
        _reads = meter.CreateHistogram<double>("grid.discovery.read_duration", unit: "s", description: "From asking for the member list to having the members.");
    }

    /// <summary>Requests since the start, pings not counted.</summary>
    public long RequestCount => Interlocked.Read(ref _requestCount);

    public void CountRequest(string kind)
    {
        Interlocked.Increment(ref _requestCount);
        _requests?.Add(1, new KeyValuePair<string, object?>("kind", kind));
    }

    public void CountQuarantined(int count) => _quarantined?.Add(count);

    public void CountLoss() => _losses?.Add(1);

    public void RecordRead(TimeSpan duration) => _reads?.Record(duration.TotalSeconds);
}
