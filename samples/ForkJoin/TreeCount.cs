using System.Collections.Immutable;

namespace Grid.Samples.ForkJoin;

/// <summary>What was found in a part of a tree, and where it was counted.</summary>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Leaves">How many of them have no children.</param>
/// <param name="Depth">The greatest height.</param>
/// <param name="Worker">The node of the grid that added it up.</param>
/// <param name="Elsewhere">What other nodes of the grid have counted of it, by their names; null for nothing.</param>
internal readonly record struct TreeCount(long Nodes, long Leaves, int Depth, string Worker, ImmutableSortedDictionary<string, long>? Elsewhere)
{
    /// <summary>The tree's nodes by the grid's node that counted them.</summary>
    public ImmutableSortedDictionary<string, long> Shares
    {
        get
        {
            var elsewhere = Elsewhere ?? ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);
            return elsewhere.SetItem(Worker, Nodes - elsewhere.Values.Sum());
        }
    }

    public static TreeCount OfOne(int height, bool isLeaf, string worker) => new(1, isLeaf ? 1 : 0, height, worker, null);

    public TreeCount Plus(in TreeCount other) => new(
        Nodes + other.Nodes,
        Leaves + other.Leaves,
        Math.Max(Depth, other.Depth),
        Worker,
        other.Elsewhere is null && other.Worker == Worker ? Elsewhere : Merged(other.Shares));

    private ImmutableSortedDictionary<string, long>? Merged(ImmutableSortedDictionary<string, long> others)
    {
        var merged = Elsewhere ?? ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);
        foreach (var (worker, nodes) in others)
        {
            if (worker != Worker)
            {
                merged = merged.SetItem(worker, merged.GetValueOrDefault(worker) + nodes);
            }
        }

        return merged;
    }
}
