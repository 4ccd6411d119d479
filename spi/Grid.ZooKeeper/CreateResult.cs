namespace Grid.ZooKeeper;

/// <summary>A znode that was created.</summary>
/// <param name="Path">Its path, with the counter if the mode is sequential.</param>
/// <param name="Stat">Its metadata; <see cref="Stat.Czxid"/> is its incarnation number.</param>
public readonly record struct CreateResult(string Path, Stat Stat);
