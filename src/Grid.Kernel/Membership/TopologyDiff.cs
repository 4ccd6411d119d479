using System.Collections.Immutable;

namespace Grid.Kernel.Membership;

/// <summary>
/// Works out the changes between two sets of members. Applied one by one to the first set, they give the second. What
/// ends a membership comes before what only starts one: departures, then restarts, then changed records, then joins;
/// among equals the join order decides.
/// </summary>
internal static class TopologyDiff
{
    /// <summary>Compares.</summary>
    /// <param name="before">The last view.</param>
    /// <param name="after">The members now; names and ids are unique.</param>
    /// <param name="departed">Memberships known to have ended on purpose.</param>
    public static ImmutableArray<TopologyChange> Compare(
        TopologyView before, IReadOnlyDictionary<string, NodeInfo> after, IReadOnlySet<NodeKey> departed)
    {
        var byId = after.Values.ToDictionary(node => node.Id);
        var pending = new List<Entry>();
        var explained = new HashSet<NodeId>();
        foreach (var old in before.Nodes)
        {
            var successor = FindSuccessor(old, before, byId, after);
            if (successor is null)
            {
                pending.Add(new Entry(HasLeft(old, departed) ? TopologyChangeKind.Left : TopologyChangeKind.Failed, old, null));
                continue;
            }

            explained.Add(successor.Id);
            AddReplacement(pending, old, successor);
        }

        pending.AddRange(byId.Values.Where(node => !explained.Contains(node.Id)).Select(node => new Entry(TopologyChangeKind.Joined, node, null)));
        return Number(pending, before.Version);
    }

    private static NodeInfo? FindSuccessor(
        NodeInfo old, TopologyView before, Dictionary<NodeId, NodeInfo> byId, IReadOnlyDictionary<string, NodeInfo> byName)
    {
        if (byId.TryGetValue(old.Id, out var same))
        {
            return same.Key == old.Key || same.JoinOrder > old.JoinOrder ? same : null;
        }

        // A record of the same name that joined earlier is no restart: it was hidden by the one that is gone now.
        return byName.TryGetValue(old.Name, out var namesake) && namesake.JoinOrder > old.JoinOrder && before.Find(namesake.Id) is null
            ? namesake
            : null;
    }

    private static void AddReplacement(List<Entry> pending, NodeInfo old, NodeInfo successor)
    {
        if (successor.Key != old.Key)
        {
            pending.Add(new Entry(TopologyChangeKind.Restarted, successor, old));
            return;
        }

        var withState = old with { State = successor.State };
        if (withState.State != old.State)
        {
            pending.Add(new Entry(TopologyChangeKind.StateChanged, withState.Equals(successor) ? successor : withState, old));
        }

        if (!withState.Equals(successor))
        {
            pending.Add(new Entry(TopologyChangeKind.AttributesChanged, successor, withState));
        }
    }

    private static bool HasLeft(NodeInfo node, IReadOnlySet<NodeKey> departed) =>
        node.State == NodeState.Leaving || departed.Contains(node.Key);

    private static ImmutableArray<TopologyChange> Number(List<Entry> pending, long version) =>
    [
        .. pending
            .OrderBy(entry => Rank(entry.Kind))
            .ThenBy(entry => entry.Node.JoinOrder)
            .ThenBy(entry => entry.Node.Id)
            .Select((entry, index) => new TopologyChange(version + index + 1, entry.Kind, entry.Node, entry.Previous)),
    ];

    private static int Rank(TopologyChangeKind kind) => kind switch
    {
        TopologyChangeKind.Left or TopologyChangeKind.Failed => 0,
        TopologyChangeKind.Restarted => 1,
        TopologyChangeKind.StateChanged or TopologyChangeKind.AttributesChanged => 2,
        TopologyChangeKind.Joined => 3,
        _ => throw new InvalidOperationException($"A comparison of two views cannot give {kind}."),
    };

    // A class: collections of a structure would be compiled when the first view comes.
    private sealed record Entry(TopologyChangeKind Kind, NodeInfo Node, NodeInfo? Previous);
}
