namespace Grid.ZooKeeper.Watches;

/// <summary>The five tables of watches.</summary>
internal enum WatchKind : byte
{
    None,
    Data,
    Exist,
    Child,
    Persistent,
    Recursive,
}
