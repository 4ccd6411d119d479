using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>The way back to a submitter on another node.</summary>
internal sealed class RemoteReplies(Peer peer) : IJobReplies
{
    public string Submitter => peer.Node.Name;

    public bool Reply(long requestId, ReadOnlySpan<byte> reply) => peer.Reply(requestId, Lane.Data, reply);

    public void Notify(ReadOnlySpan<byte> notice) => peer.Send(MessageKinds.Notice, Lane.Data, notice);

    public void Log(ReadOnlySpan<byte> line) => peer.Send(MessageKinds.Log, Lane.Data, line);

    public void Announce(ReadOnlySpan<byte> requests) => peer.Send(MessageKinds.Running, Lane.Control, requests);
}
