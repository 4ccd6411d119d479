namespace Grid.Messaging.Tests;

/// <summary>A reply as a task; counts outcomes, of which there must be one.</summary>
internal sealed class PendingReply : IReplyHandler
{
    private readonly TaskCompletionSource<byte[]> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _outcomes;

    public int Outcomes => Volatile.Read(ref _outcomes);

    public Task<byte[]> Task => _outcome.Task;

    public static async Task<byte[]> RequestAsync(Peer peer, byte kind, byte[] payload, Lane lane = Lane.Data)
    {
        var reply = new PendingReply();
        peer.Request(kind, lane, payload, reply);
        return await reply.Task.WaitAsync(TestNode.Guard);
    }

    public void OnReply(Peer from, in IncomingMessage message)
    {
        Interlocked.Increment(ref _outcomes);
        _outcome.TrySetResult(message.Payload.ToArray());
    }

    public void OnFailed(GridException error)
    {
        Interlocked.Increment(ref _outcomes);
        _outcome.TrySetException(error);
    }
}
