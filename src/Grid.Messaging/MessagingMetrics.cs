using System.Diagnostics.Metrics;
using Grid.Messaging.Handshake;

namespace Grid.Messaging;

/// <summary>The metrics of one messenger, or nothing when there is no factory. Counted per batch, not per frame.</summary>
internal sealed class MessagingMetrics
{
    private static readonly KeyValuePair<string, object?> In = new("direction", "in");
    private static readonly KeyValuePair<string, object?> Out = new("direction", "out");

    private readonly Meter? _meter;
    private readonly Counter<long>? _frames;
    private readonly Counter<long>? _bytes;
    private readonly UpDownCounter<long>? _links;
    private readonly Counter<long>? _reconnects;
    private readonly Counter<long>? _refused;
    private long _framesIn;
    private long _framesOut;
    private long _bytesIn;
    private long _bytesOut;

    public MessagingMetrics(IMeterFactory? factory)
    {
        _meter = factory?.Create(new MeterOptions("Grid.Messaging"));
        _frames = _meter?.CreateCounter<long>("grid.messaging.frames", "{frame}", "Frames sent and received");
        _bytes = _meter?.CreateCounter<long>("grid.messaging.bytes", "By", "Bytes sent and received");
        _links = _meter?.CreateUpDownCounter<long>("grid.messaging.links", "{link}", "Links that are up");
        _reconnects = _meter?.CreateCounter<long>("grid.messaging.reconnects", "{attempt}", "Attempts to connect after the first one failed or the link broke");
        _refused = _meter?.CreateCounter<long>("grid.messaging.handshakes.refused", "{handshake}", "Links refused by this node, by reason");
    }

    /// <summary>All that was exchanged so far; the four numbers need not be of one moment.</summary>
    public TrafficCounts Traffic => new(
        Interlocked.Read(ref _framesIn), Interlocked.Read(ref _framesOut), Interlocked.Read(ref _bytesIn), Interlocked.Read(ref _bytesOut));

    /// <summary>Registers the gauge of bytes that wait to be sent.</summary>
    public void ObserveQueues(Func<long> queuedBytes) =>
        _meter?.CreateObservableGauge("grid.messaging.queue.bytes", queuedBytes, "By", "Bytes that wait to be sent, over all peers");

    public void Received(long frames, long bytes)
    {
        Interlocked.Add(ref _framesIn, frames);
        Interlocked.Add(ref _bytesIn, bytes);
        _frames?.Add(frames, In);
        _bytes?.Add(bytes, In);
    }

    public void Sent(long frames, long bytes)
    {
        Interlocked.Add(ref _framesOut, frames);
        Interlocked.Add(ref _bytesOut, bytes);
        _frames?.Add(frames, Out);
        _bytes?.Add(bytes, Out);
    }

    public void LinkUp() => _links?.Add(1);

    public void LinkDown() => _links?.Add(-1);

    public void Reconnecting() => _reconnects?.Add(1);

    public void Refused(Refusal refusal) => _refused?.Add(1, new KeyValuePair<string, object?>("reason", refusal.ToString()));
}
