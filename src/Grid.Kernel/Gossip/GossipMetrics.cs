using System.Diagnostics.Metrics;

namespace Grid.Kernel.Gossip;

/// <summary>Counts what the exchange of metrics costs and loses.</summary>
internal sealed class GossipMetrics : IDisposable
{
    private readonly Meter? _meter;
    private long _messages;
    private long _bytes;
    private long _dropped;
    private long _malformed;

    /// <summary>Publishes the counts.</summary>
    /// <param name="meters">Where to, or null for nowhere.</param>
    /// <param name="countOf">How many members have metrics of that freshness.</param>
    public GossipMetrics(IMeterFactory? meters, Func<MetricsFreshness, int> countOf)
    {
        _meter = meters?.Create("Grid.Gossip");
        _meter?.CreateObservableCounter("grid.gossip.messages", () => Interlocked.Read(ref _messages), "{message}", "Messages about metrics sent.");
        _meter?.CreateObservableCounter("grid.gossip.bytes", () => Interlocked.Read(ref _bytes), "By", "Bytes of messages about metrics sent.");
        _meter?.CreateObservableCounter("grid.gossip.dropped", () => Interlocked.Read(ref _dropped), "{message}", "Messages about metrics that were not taken: no link, or the inbox was full.");
        _meter?.CreateObservableCounter("grid.gossip.malformed", () => Interlocked.Read(ref _malformed), "{message}", "Messages about metrics that could not be read.");
        _meter?.CreateObservableUpDownCounter("grid.gossip.members", () => Enum.GetValues<MetricsFreshness>().Select(freshness => new Measurement<int>(
            countOf(freshness), new KeyValuePair<string, object?>("freshness", freshness.ToString()))), "{node}", "Members by how fresh their metrics are.");
    }

    public void CountSent(int bytes)
    {
        Interlocked.Increment(ref _messages);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void CountDropped() => Interlocked.Increment(ref _dropped);

    public void CountMalformed() => Interlocked.Increment(ref _malformed);

    public void Dispose() => _meter?.Dispose();
}
