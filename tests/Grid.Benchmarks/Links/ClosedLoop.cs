using Grid.Messaging;

namespace Grid.Benchmarks.Links;

/// <summary>Keeps a number of requests in flight: each reply sends the next request.</summary>
internal sealed class ClosedLoop(Peer peer, byte kind, int payloadBytes)
{
    // Large payloads are handed over, as a caller that cares for speed does.
    private const int HandOverBytes = 64 * 1024;

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _payload = new byte[payloadBytes];
    private long _completed;
    private int _inFlight;
    private volatile bool _isStopping;

    public long Completed => Interlocked.Read(ref _completed);

    public void Start(int inFlight)
    {
        _inFlight = inFlight;
        using var batch = Messenger.OpenBatch();
        for (var i = 0; i < inFlight; i++)
        {
            Send(new Caller(this));
        }
    }

    public Task StopAsync()
    {
        _isStopping = true;
        return _drained.Task;
    }

    private void Send(Caller caller)
    {
        if (payloadBytes < HandOverBytes)
        {
            peer.Request(kind, Lane.Data, _payload, caller);
            return;
        }

        // The bytes are left as they are: writing them is the caller's serializer's work, not the link's.
        var buffer = new MessageBuffer(payloadBytes);
        buffer.GetSpan(payloadBytes);
        buffer.Advance(payloadBytes);
        peer.Request(kind, Lane.Data, buffer, caller);
    }

    private void OnDone(Caller caller)
    {
        Interlocked.Increment(ref _completed);
        if (!_isStopping)
        {
            Send(caller);
        }
        else if (Interlocked.Decrement(ref _inFlight) == 0)
        {
            _drained.TrySetResult();
        }
    }

    private sealed class Caller(ClosedLoop loop) : IReplyHandler
    {
        public void OnReply(Peer from, in IncomingMessage message) => loop.OnDone(this);

        public void OnFailed(GridException error) => loop._drained.TrySetException(error);
    }
}
