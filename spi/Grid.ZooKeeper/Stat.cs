namespace Grid.ZooKeeper;

/// <summary>The metadata of a znode at the moment it was read.</summary>
/// <param name="Czxid">Transaction that created the node. Unique and increasing over the whole ensemble: the best incarnation number of a node.</param>
/// <param name="Mzxid">Transaction that last changed the data.</param>
/// <param name="CtimeMilliseconds">Creation, in milliseconds of Unix time by the leader's clock. For people; never decide by it.</param>
/// <param name="MtimeMilliseconds">Last change of the data, in milliseconds of Unix time by the leader's clock.</param>
/// <param name="Version">How often the data was set.</param>
/// <param name="Cversion">How many children were created and deleted.</param>
/// <param name="Aversion">How often the ACL was set.</param>
/// <param name="EphemeralOwner">Session that owns the node; 0 unless the node is ephemeral.</param>
/// <param name="DataLength">Bytes of data.</param>
/// <param name="NumChildren">Number of direct children.</param>
/// <param name="Pzxid">Transaction that last created or deleted a direct child.</param>
public readonly record struct Stat(
    long Czxid,
    long Mzxid,
    long CtimeMilliseconds,
    long MtimeMilliseconds,
    int Version,
    int Cversion,
    int Aversion,
    long EphemeralOwner,
    int DataLength,
    int NumChildren,
    long Pzxid);
