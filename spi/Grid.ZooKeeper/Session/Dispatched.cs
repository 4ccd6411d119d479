namespace Grid.ZooKeeper.Session;

/// <summary>What is left for the thread that has dispatched a frame.</summary>
internal enum Dispatched
{
    /// <summary>Read the next one.</summary>
    GoOn,

    /// <summary>The server has confirmed the end of the session.</summary>
    Closed,

    /// <summary>Nothing: another thread reads.</summary>
    Deposed,
}
