namespace Grid.ZooKeeper;

/// <summary>The names of a znode's children and its own metadata, read together.</summary>
/// <param name="Children">Names without the parent's path, in no order.</param>
/// <param name="Stat">Metadata of the parent; <see cref="Stat.Pzxid"/> tells versions of the list apart.</param>
public readonly record struct ChildrenResult(IReadOnlyList<string> Children, Stat Stat);
