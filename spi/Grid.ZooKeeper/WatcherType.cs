namespace Grid.ZooKeeper;

/// <summary>Which watches of a path to remove. The values are those of the wire.</summary>
public enum WatcherType
{
    /// <summary>Watches on the list of children.</summary>
    Children = 1,

    /// <summary>Watches on data and existence.</summary>
    Data = 2,

    /// <summary>All watches, persistent ones too.</summary>
    Any = 3,
}
