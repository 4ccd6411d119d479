using System.Collections.Immutable;

namespace Grid.Discovery.ZooKeeper.View;

/// <summary>The members at one moment.</summary>
/// <param name="Pzxid">The transaction that last changed the list.</param>
/// <param name="Members">By join order.</param>
/// <param name="Departed">Memberships that ended on purpose since the read before.</param>
/// <param name="Changes">How many records came or went.</param>
internal sealed record MemberView(long Pzxid, ImmutableArray<NodeInfo> Members, ImmutableArray<NodeKey> Departed, int Changes);
