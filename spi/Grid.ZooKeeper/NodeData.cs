namespace Grid.ZooKeeper;

/// <summary>A znode's data and metadata, read together.</summary>
/// <param name="Data">The data, owned by the receiver; <see langword="null"/> when the node was created with null.</param>
/// <param name="Stat">The metadata.</param>
public readonly record struct NodeData(byte[]? Data, Stat Stat);
