using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>Another node, over its link.</summary>
internal sealed class RemoteTarget(NodeInfo node, Messenger messenger) : JobTarget(node)
{
    // Below this a copy into the link's own buffer, together with its neighbours, is cheaper.
    private const int SharedBytesMin = 32 * 1024;

    // Made with the first job: members are known before the messenger has started. Two threads get the same peer.
    private volatile Peer? _peer;

    private Peer Peer => _peer ??= messenger.GetPeer(Node);

    public override long Request(MessageBuffer request, JobCall call, IReplyHandler reply) => request.WrittenBytes < SharedBytesMin
        ? Peer.Request(MessageKinds.Execute, Lane.Data, request.WrittenSpan, reply)
        : Peer.Request(MessageKinds.Execute, Lane.Data, request.Share(), reply);

    public override void Abandon(long requestId, ReadOnlySpan<byte> notice)
    {
        Peer.Abandon(requestId);
        Cancel(notice);
    }

    public override void Cancel(ReadOnlySpan<byte> notice)
    {
        // At once, for a job that runs there; and behind the request on its own lane, which the first may have overtaken: it would find no job, and the job would run for nobody.
        Peer.Send(MessageKinds.Cancel, Lane.Control, notice);
        Peer.Send(MessageKinds.Cancel, Lane.Data, notice);
    }
}
