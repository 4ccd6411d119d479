namespace Grid.ZooKeeper;

/// <summary>What a watch reports. Values up to 7 are those of the wire; those from 100 are made by the client.</summary>
public enum WatchEventType
{
    /// <summary>The node was created.</summary>
    NodeCreated = 1,

    /// <summary>The node was deleted.</summary>
    NodeDeleted = 2,

    /// <summary>The node's data was set, perhaps to what it was before.</summary>
    NodeDataChanged = 3,

    /// <summary>A direct child was created or deleted.</summary>
    NodeChildrenChanged = 4,

    /// <summary>A data or exists watch was removed on request.</summary>
    DataWatchRemoved = 5,

    /// <summary>A child watch was removed on request.</summary>
    ChildWatchRemoved = 6,

    /// <summary>A persistent watch was removed on request.</summary>
    PersistentWatchRemoved = 7,

    /// <summary>A persistent watch was set again after a reconnect. The server does not tell what happened meanwhile: read everything anew.</summary>
    Rearmed = 100,

    /// <summary>The watcher's queue was full and events were dropped: read everything anew. Its path is empty.</summary>
    EventsDropped = 101,

    /// <summary>The session is over and with it all watches; nothing follows. Its path is empty.</summary>
    SessionEnded = 102,
}
