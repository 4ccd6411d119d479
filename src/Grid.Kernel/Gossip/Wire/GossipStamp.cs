namespace Grid.Kernel.Gossip.Wire;

/// <summary>How much somebody knows of a member.</summary>
/// <param name="Key">The member and its incarnation.</param>
/// <param name="Version">The version of its figures; 0 for nothing.</param>
internal readonly record struct GossipStamp(NodeKey Key, uint Version);
