using System.Threading.Tasks.Sources;
using Grid.Messaging;

namespace Grid.Benchmarks.Links;

/// <summary>One request at a time as an awaitable without allocation, continued on the I/O thread.</summary>
internal sealed class SingleCall(Peer peer) : IReplyHandler, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<int> _source;

    public ValueTask CallAsync(byte[] payload)
    {
        _source.Reset();
        peer.Request(LinkPeer.Echo, Lane.Data, payload, this);
        return new ValueTask(this, _source.Version);
    }

    public void OnReply(Peer from, in IncomingMessage message) => _source.SetResult(0);

    public void OnFailed(GridException error) => _source.SetException(error);

    public void GetResult(short token) => _source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _source.OnCompleted(continuation, state, token, flags);
}
