using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>Another node, over its link.</summary>
internal sealed class RemoteTarget(NodeInfo node, Messenger messenger) : JobTarget(node)
{
    // Made with the first job: members are known before the messenger has started. Two threads get the same peer.
    private volatile Peer? _peer;

    private Peer Peer => _peer ??= messenger.GetPeer(Node);

    public override long Request(ReadOnlySpan<byte> request, JobCall reply) => Peer.Request(MessageKinds.Execute, Lane.Data, request, reply);

    public override void Abandon(long requestId, ReadOnlySpan<byte> notice)
    {
        Peer.Abandon(requestId);
        Peer.Send(MessageKinds.Cancel, Lane.Control, notice);
    }
}
