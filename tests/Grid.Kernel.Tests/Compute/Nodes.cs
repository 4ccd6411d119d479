using System.Collections.Immutable;

namespace Grid.Kernel.Tests.Compute;

/// <summary>Nodes to test with: n1, n2 and so on.</summary>
internal static class Nodes
{
    public static NodeInfo Make(int number, NodeState state = NodeState.Available, int slots = 1, string? zone = null) => new()
    {
        Id = new NodeId((UInt128)number),
        Name = $"n{number}",
        JoinOrder = number,
        State = state,
        Slots = slots,
        Attributes = zone is null
            ? ImmutableSortedDictionary<string, string>.Empty
            : ImmutableSortedDictionary<string, string>.Empty.Add("zone", zone),
    };
}
