using Grid.Kernel.Health;
using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// Moves what this process has waiting at a suspect to other nodes. What is known to run there stays: discovery decides about it, or the node answers after all. A node says
/// of jobs that they run after a quarter of a second, so a job that began just before the node fell silent may run twice; the fence refuses the first result.
/// </summary>
internal sealed class Evacuation(Messenger messenger)
{
    /// <summary>Moves what can be moved; called again and again while the node is suspect, because another place may turn up later.</summary>
    public void Leave(NodeHealth suspect)
    {
        if (messenger.FindPeer(suspect.Node.Key) is not { } peer)
        {
            return;
        }

        using var batch = Messenger.OpenBatch();
        foreach (var (requestId, reply) in peer.ListPending())
        {
            (reply as JobCall)?.TryMove(requestId, suspect.Reason);
        }
    }
}
