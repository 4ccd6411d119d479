namespace Grid.ZooKeeper;

/// <summary>Which persistent watch to set. The values are those of the wire.</summary>
public enum AddWatchMode
{
    /// <summary>The node itself: created, deleted, data changed, children changed; stays until it is removed.</summary>
    Persistent = 0,

    /// <summary>The node and all below it: created, deleted, data changed, never children changed; stays until it is removed. Does not coalesce: each change below is one event.</summary>
    PersistentRecursive = 1,
}
