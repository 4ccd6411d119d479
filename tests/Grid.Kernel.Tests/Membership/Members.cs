using System.Collections.Immutable;
using Grid.Kernel.Membership;
using Grid.Spi;

namespace Grid.Kernel.Tests.Membership;

/// <summary>Short forms for the records and snapshots of membership tests.</summary>
internal static class Members
{
    public static NodeInfo Node(int id, string? name = null, long order = 0, long incarnation = 1) => new()
    {
        Id = new NodeId((UInt128)id),
        Name = name ?? $"n{id}",
        JoinOrder = order == 0 ? id : order,
        Incarnation = incarnation,
    };

    public static DiscoverySnapshot Snapshot(long version, params NodeInfo[] members) => new(version, [.. members], [], DiscoveryLink.Connected);

    public static DiscoverySnapshot Linked(DiscoveryLink link, long version, params NodeInfo[] members) => new(version, [.. members], [], link);

    public static DiscoverySnapshot Departed(this DiscoverySnapshot snapshot, params NodeInfo[] departed) =>
        snapshot with { Departed = [.. departed.Select(node => node.Key)] };

    /// <summary>Every change as <c>version kind name#incarnation</c>.</summary>
    public static string[] Render(this MembershipStep step) => [.. step.Changes.Select(change => $"{change.Version} {change.Kind} {change.Node!.Name}#{change.Node.Incarnation}")];

    public static NodeInfo With(this NodeInfo node, string key, string value) => node with { Attributes = node.Attributes.SetItem(key, value) };

    public static NodeKey[] Keys(this TopologyView view) => [.. view.Nodes.Select(node => node.Key)];
}
