using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>Another node, over its link.</summary>
internal sealed class RemoteTarget(NodeInfo node, Peer peer) : JobTarget(node)
{
    public override long Request(ReadOnlySpan<byte> request, JobCall reply) => peer.Request(MessageKinds.Execute, Lane.Data, request, reply);

    public override void Abandon(long requestId, ReadOnlySpan<byte> notice)
    {
        peer.Abandon(requestId);
        peer.Send(MessageKinds.Cancel, Lane.Control, notice);
    }
}
