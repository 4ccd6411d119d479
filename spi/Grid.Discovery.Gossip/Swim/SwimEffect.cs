using System.Net;
using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Swim;

/// <summary>What the machine wants done.</summary>
internal abstract record SwimEffect
{
    private SwimEffect()
    {
    }

    /// <summary>Send a packet; its loss is provided for.</summary>
    public sealed record SendPacket(IPEndPoint To, SwimPacket Packet) : SwimEffect;

    /// <summary>Exchange everything with a node, unless such an exchange waits already.</summary>
    public sealed record RequestSync(IPEndPoint With) : SwimEffect;

    /// <summary>Exchange everything with one of the seeds.</summary>
    public sealed record RequestSeedSync : SwimEffect;

    /// <summary>Members or link have changed.</summary>
    public sealed record PublishView : SwimEffect;

    /// <summary>For the log: something was said of a member, by this node or another.</summary>
    public sealed record ReportStatus(NodeKey Key, MemberStatus Status, NodeId By) : SwimEffect;

    /// <summary>To be counted: a probe round ended without an answer.</summary>
    public sealed record ReportSilence(NodeKey Key) : SwimEffect;

    /// <summary>To be counted: this node contradicted a suspicion of itself.</summary>
    public sealed record ReportRefutation : SwimEffect;
}
