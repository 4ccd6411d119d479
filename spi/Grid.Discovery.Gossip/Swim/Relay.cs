using System.Net;

namespace Grid.Discovery.Gossip.Swim;

/// <summary>A ping that this node sent for another.</summary>
/// <param name="Requester">For whom.</param>
/// <param name="RequesterAddress">Where the answer goes.</param>
/// <param name="RequesterNonce">Which request it answers.</param>
/// <param name="NackAt">When the requester is told that there is no answer.</param>
/// <param name="EndsAt">When it is forgotten.</param>
/// <param name="IsNacked">Whether the requester was told.</param>
internal sealed record Relay(NodeId Requester, IPEndPoint RequesterAddress, ulong RequesterNonce, TimeSpan NackAt, TimeSpan EndsAt, bool IsNacked);
