using System.Runtime.CompilerServices;
using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>Takes the messages of submitters from their links to the host.</summary>
internal sealed class JobReceiver(JobHost host, RequestReader reader) : IMessageHandler
{
    // One way back per peer, kept as long as the peer.
    private readonly ConditionalWeakTable<Peer, RemoteReplies> _replies = [];

    /// <summary>The peers that have sent a job.</summary>
    public IEnumerable<Peer> Submitters => _replies.Select(pair => pair.Key);

    /// <inheritdoc/>
    public void OnMessage(Peer from, in IncomingMessage message)
    {
        switch (message.Kind)
        {
            case MessageKinds.Execute:
                Execute(from, in message);
                break;
            case MessageKinds.Cancel when JobNotice.TryRead(message.Payload, out var notice):
                AdmissionBatch.Flush();
                host.Cancellation.Cancel(new JobKey(from.Node.Key, notice.Number, notice.Attempt));
                break;
            default:
                break;
        }
    }

    private void Execute(Peer from, in IncomingMessage message)
    {
        var replies = _replies.GetValue(from, static peer => new RemoteReplies(peer));
        var source = new RequestSource(from.Node.Key, replies, message.RequestId, message.Trace);
        if (reader.TryRead(source, message.TakePayload(), out var request))
        {
            host.Accept(request);
        }
    }
}
