namespace Grid.Kernel.Gossip.Wire;

/// <summary>What changed in the figures of a member, without the figures themselves.</summary>
/// <param name="Key">The member and its incarnation.</param>
/// <param name="Since">The version before; 0 for a difference to nothing.</param>
/// <param name="Version">The version that it leads to.</param>
/// <param name="Age">The time since the member measured, when this was sent.</param>
/// <param name="Changed">The figures that may differ, as bits.</param>
/// <param name="Known">Those of them that are known.</param>
internal readonly record struct GossipDifference(NodeKey Key, uint Since, uint Version, TimeSpan Age, ulong Changed, ulong Known);
