namespace Grid.ZooKeeper;

/// <summary>What kind of znode to create. A <see cref="CreateMode"/> converts to it, with everybody allowed everything.</summary>
/// <param name="Mode">Life time and naming.</param>
/// <param name="Acl">Who may do what; <see langword="null"/> for <see cref="Grid.ZooKeeper.Acl.Open"/>.</param>
/// <param name="Ttl">For the two modes with a time to live: 1 ms to about 34 years; must stay zero for all others.</param>
public readonly record struct NodeSpec(CreateMode Mode, IReadOnlyList<Acl>? Acl = null, TimeSpan Ttl = default)
{
    /// <summary>Takes a mode as a specification with the open ACL.</summary>
    /// <param name="mode">The mode.</param>
    public static implicit operator NodeSpec(CreateMode mode) => FromCreateMode(mode);

    /// <summary>Takes a mode as a specification with the open ACL.</summary>
    /// <param name="mode">The mode.</param>
    public static NodeSpec FromCreateMode(CreateMode mode) => new(mode);
}
