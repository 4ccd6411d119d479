using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// The last word of a drained node: it asks each submitter that it has answered to confirm that it has read so far. Messages of
/// one lane keep their order, so the confirmation comes after the last result was taken; without it, the news that the node has left can
/// overtake a result on the way and cost an attempt.
/// </summary>
internal sealed class Farewell : IMessageHandler
{
    /// <inheritdoc/>
    public void OnMessage(Peer from, in IncomingMessage message) => from.Reply(message.RequestId, Lane.Data, []);

    /// <summary>Completes when every peer has confirmed or is out of reach.</summary>
    public static Task SayAsync(IEnumerable<Peer> peers) => Task.WhenAll(peers.Where(peer => peer.IsLinked).Select(Confirmation.Ask).ToArray());

    private sealed class Confirmation : IReplyHandler
    {
        private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static Task Ask(Peer peer)
        {
            var confirmation = new Confirmation();
            peer.Request(MessageKinds.Farewell, Lane.Data, [], confirmation);
            return confirmation._source.Task;
        }

        public void OnReply(Peer from, in IncomingMessage message) => _source.TrySetResult();

        // A peer that cannot be reached has lost what was on the way to it and knows it.
        public void OnFailed(GridException error) => _source.TrySetResult();
    }
}
