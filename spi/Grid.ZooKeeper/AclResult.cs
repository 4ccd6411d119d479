namespace Grid.ZooKeeper;

/// <summary>A znode's access control list and metadata.</summary>
/// <param name="Acl">The entries.</param>
/// <param name="Stat">The metadata; <see cref="Stat.Aversion"/> guards a later change of the list.</param>
public readonly record struct AclResult(IReadOnlyList<Acl> Acl, Stat Stat);
