namespace Grid.ZooKeeper.Session;

/// <summary>How the watch finds the thread that reads.</summary>
internal enum Lead
{
    /// <summary>Nothing has been answered for a while: no need to look again before it wakes the watch.</summary>
    Rests,

    /// <summary>Look again after <see cref="Leadership.Patience"/>.</summary>
    Works,

    /// <summary>The leader was late and has just been deposed: another thread must read.</summary>
    IsVacant,
}
