namespace Grid.ZooKeeper;

/// <summary>How long a new znode lives and how it is named. The values are those of the wire.</summary>
public enum CreateMode
{
    /// <summary>Lives until it is deleted.</summary>
    Persistent = 0,

    /// <summary>Is deleted when the session that created it ends; cannot have children.</summary>
    Ephemeral = 1,

    /// <summary>Persistent; the server appends ten digits, a counter of the parent.</summary>
    PersistentSequential = 2,

    /// <summary>Ephemeral; the server appends ten digits, a counter of the parent.</summary>
    EphemeralSequential = 3,

    /// <summary>Deleted by the server some time after its last child went. Needs a server of 3.5.1 or newer.</summary>
    Container = 4,

    /// <summary>Deleted by the server when it was not changed for <see cref="NodeSpec.Ttl"/> and has no children. The server must run with <c>extendedTypesEnabled</c>.</summary>
    PersistentWithTtl = 5,

    /// <summary>Like <see cref="PersistentWithTtl"/>, with the parent's counter appended.</summary>
    PersistentSequentialWithTtl = 6,
}
