namespace Grid.ZooKeeper.Session;

/// <summary>What time has brought.</summary>
/// <param name="Effects">What to do.</param>
/// <param name="NextAt">When to ask again at the latest, unless something is sent before.</param>
/// <param name="DropReason">Why to drop the connection.</param>
internal readonly record struct SessionTick(SessionEffect Effects, long NextAt, string DropReason);
