using System.Collections.Immutable;
using Grid.Kernel.Gossip;

namespace Grid.Kernel.Health;

/// <summary>
/// Which members a node cannot reach, as figures of its metrics: how many, and 63 bits folded from the ids of eight of them. More are not named, which bounds what a node says; a node that
/// cannot reach more than eight is itself the likely cause, and the number says so.
/// </summary>
internal static class ReachabilityRow
{
    public const int NamedMax = MetricField.UnreachablePeer8 - MetricField.UnreachablePeer1 + 1;

    /// <summary>What stands for a member in a row.</summary>
    public static long MarkOf(NodeId node) => (long)((ulong)(node.Value ^ (node.Value >> 64)) & long.MaxValue);

    /// <summary>Writes the row of the local node.</summary>
    public static void Write(MetricSample sample, IReadOnlyCollection<NodeId> unreachable)
    {
        sample.SetCount(MetricField.UnreachablePeers, unreachable.Count);
        var field = MetricField.UnreachablePeer1;
        foreach (var node in unreachable.Take(NamedMax))
        {
            sample.SetCount(field++, MarkOf(node));
        }
    }

    /// <summary>Whether a row names a member.</summary>
    public static bool Names(ImmutableArray<long> row, NodeId node) => !row.IsDefaultOrEmpty && row.Contains(MarkOf(node));
}
