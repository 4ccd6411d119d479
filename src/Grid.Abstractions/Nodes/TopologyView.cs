using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Grid;

/// <summary>
/// Everybody who is a member at one moment, as one node sees it. Immutable and safe to share between threads.
/// </summary>
public sealed class TopologyView
{
    private readonly FrozenDictionary<NodeId, NodeInfo> _byId;

    /// <summary>Makes a view.</summary>
    /// <param name="version">The position of the view in the local stream of changes.</param>
    /// <param name="nodes">The members; at most one per <see cref="NodeId"/>.</param>
    /// <param name="link">How the local node stood to the registry.</param>
    public TopologyView(long version, IEnumerable<NodeInfo> nodes, DiscoveryLink link = DiscoveryLink.Connected)
    {
        Version = version;
        Nodes = [.. nodes.OrderBy(node => node.JoinOrder).ThenBy(node => node.Id)];
        Link = link;
        _byId = Nodes.ToFrozenDictionary(node => node.Id);
    }

    /// <summary>A view without members, before the first snapshot arrived.</summary>
    public static TopologyView Empty { get; } = new(0, [], DiscoveryLink.Suspended);

    /// <summary>Grows with each change of membership that the local node learns. Versions of two nodes are not comparable.</summary>
    public long Version { get; }

    /// <summary>The members in join order: the same order on every node.</summary>
    public ImmutableArray<NodeInfo> Nodes { get; }

    /// <summary>How the local node stood to the registry; unless Connected, the view may be stale.</summary>
    public DiscoveryLink Link { get; }

    /// <summary>The member with that identity, or <see langword="null"/>.</summary>
    /// <param name="id">The process.</param>
    public NodeInfo? Find(NodeId id) => _byId.GetValueOrDefault(id);
}
