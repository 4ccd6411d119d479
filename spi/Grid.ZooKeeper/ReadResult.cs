namespace Grid.ZooKeeper;

/// <summary>What one read of a batch brought. Reads fail one by one.</summary>
/// <param name="Error"><see cref="ZooKeeperErrorCode.Ok"/>, or why this read failed, such as <see cref="ZooKeeperErrorCode.NoNode"/>.</param>
/// <param name="Data">The data of a <see cref="ReadOp.GetData"/> and nothing otherwise.</param>
/// <param name="Stat">The metadata of a <see cref="ReadOp.GetData"/> and nothing otherwise.</param>
/// <param name="Children">The names of a <see cref="ReadOp.GetChildren"/> and nothing otherwise.</param>
public readonly record struct ReadResult(ZooKeeperErrorCode Error, byte[]? Data, Stat? Stat, IReadOnlyList<string>? Children);
