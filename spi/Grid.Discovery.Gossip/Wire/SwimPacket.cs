using System.Collections.Immutable;
using System.Net;

namespace Grid.Discovery.Gossip.Wire;

/// <summary>One UDP packet.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="From">The sender's membership.</param>
/// <param name="To">Whom it is for; another process at the same address ignores it.</param>
/// <param name="Nonce">Random, of the ping that is asked for or answered: an answer that was recorded earlier answers nothing.</param>
/// <param name="Subject">In a ping request, who is to be pinged.</param>
/// <param name="SubjectAddress">In a ping request, where.</param>
/// <param name="Updates">What travels along.</param>
internal sealed record SwimPacket(
    PacketKind Kind,
    NodeKey From,
    NodeId To,
    ulong Nonce,
    NodeId Subject,
    IPEndPoint? SubjectAddress,
    ImmutableArray<MemberUpdate> Updates);
