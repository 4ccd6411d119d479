using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Grid.Kernel.Health;

/// <summary>How the members stand at one moment. Immutable.</summary>
internal sealed class HealthView
{
    private readonly FrozenDictionary<NodeId, NodeHealth> _byId;

    public HealthView(TopologyView topology, ImmutableArray<NodeHealth> all)
    {
        Topology = topology;
        All = all;
        Suspects = [.. all.Where(node => node.Condition == NodeCondition.Suspect)];
        _byId = all.ToFrozenDictionary(node => node.Node.Id);
    }

    public static HealthView Empty { get; } = new(TopologyView.Empty, []);

    /// <summary>The members that it is about.</summary>
    public TopologyView Topology { get; }

    public ImmutableArray<NodeHealth> All { get; }

    public ImmutableArray<NodeHealth> Suspects { get; }

    public NodeHealth? Find(NodeId node) => _byId.GetValueOrDefault(node);

    /// <summary>What is known of a membership; that it is well when it is news.</summary>
    public NodeHealth Of(NodeInfo node) => Find(node.Id) is { } known && known.Node.Key == node.Key ? known : new NodeHealth(node, NodeCondition.Well, "");
}
