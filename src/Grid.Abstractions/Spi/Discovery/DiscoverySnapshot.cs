using System.Collections.Immutable;

namespace Grid.Spi;

/// <summary>All members at one moment, as the registry told it.</summary>
/// <param name="Version">
/// Grows with the registry's state: of two snapshots the one with the greater version is newer. A repeated version means
/// the same members (the link may differ).
/// </param>
/// <param name="Members">
/// Every registered node, with <see cref="NodeInfo.JoinOrder"/> set. The same name may appear twice for a while (a
/// restarted process beside the registration of its predecessor); Grid takes the later one.
/// </param>
/// <param name="Departed">
/// Memberships that ended on purpose since the snapshot before, as far as the provider knows; it says so here when
/// the state <see cref="NodeState.Leaving"/> can have been missed between two snapshots.
/// </param>
/// <param name="Link">How the local node stands to the registry.</param>
public sealed record DiscoverySnapshot(
    long Version,
    ImmutableArray<NodeInfo> Members,
    ImmutableArray<NodeKey> Departed,
    DiscoveryLink Link);
