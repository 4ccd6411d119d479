namespace Grid.ZooKeeper;

/// <summary>What became of one operation of a transaction.</summary>
/// <param name="Error"><see cref="ZooKeeperErrorCode.Ok"/> when the transaction was applied.</param>
/// <param name="Path">The path that was created; <see langword="null"/> for other operations.</param>
/// <param name="Stat">The metadata that create and setData return; <see langword="null"/> for other operations.</param>
public readonly record struct MultiResult(ZooKeeperErrorCode Error, string? Path, Stat? Stat);
