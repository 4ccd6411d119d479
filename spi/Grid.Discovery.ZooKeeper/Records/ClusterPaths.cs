namespace Grid.Discovery.ZooKeeper.Records;

/// <summary>Where things are: the znodes of one cluster.</summary>
internal sealed class ClusterPaths(string root, string cluster)
{
    /// <summary>The root with its parents, outermost first; empty when the root is <c>/</c>.</summary>
    public IReadOnlyList<string> RootChain { get; } = Chain(root);

    /// <summary>Layout version and cluster id.</summary>
    public string Cluster { get; } = ClusterPath(root, cluster);

    /// <summary>One ephemeral child per member: the authority.</summary>
    public string Members { get; } = ClusterPath(root, cluster) + "/members";

    /// <summary>One ephemeral child per address: an index.</summary>
    public string Available => Cluster + "/available";

    /// <summary>One child per membership that ended on purpose a short time ago.</summary>
    public string Left => Cluster + "/left";

    /// <summary>A child of <see cref="Members"/>, whatever it is.</summary>
    public string Child(string name) => string.Concat(Members, "/", name);

    public string Member(MemberName name) => Child(name.ToString());

    public string Address(NodeEndpoint endpoint) => $"{Available}/{ZNodeName.Escape(endpoint.ToString())}";

    public string Tombstone(NodeKey key) => $"{Left}/{TombstoneName.Of(key)}";

    private static string ClusterPath(string root, string cluster) => $"{root.TrimEnd('/')}/{ZNodeName.Escape(cluster)}";

    private static string[] Chain(string root)
    {
        var parts = root.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return [.. parts.Select((_, i) => "/" + string.Join('/', parts[..(i + 1)]))];
    }
}
