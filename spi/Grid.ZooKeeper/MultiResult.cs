namespace Grid.ZooKeeper;

/// <summary>What became of one operation of a transaction.</summary>
/// <param name="Error"><see cref="ZooKeeperErrorCode.Ok"/> when the transaction was applied.</param>
/// <param name="Path">The path that was created; <see langword="null"/> for other operations.</param>
/// <param name="Stat">
/// The metadata that setData and the creation of container and time-to-live nodes return; <see langword="null"/> for others. Servers do not return it for the
/// creation of plain nodes in a multi; all nodes that one multi creates share their <see cref="Grid.ZooKeeper.Stat.Czxid"/>, so one read tells it for all.
/// </param>
public readonly record struct MultiResult(ZooKeeperErrorCode Error, string? Path, Stat? Stat);
