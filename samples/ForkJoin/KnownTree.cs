namespace Grid.Samples.ForkJoin;

/// <summary>A tree whose size is published with the benchmark.</summary>
/// <param name="Tree">The tree.</param>
/// <param name="Nodes">How many nodes it has.</param>
/// <param name="Depth">The greatest height.</param>
/// <param name="Leaves">How many nodes have no children.</param>
internal sealed record KnownTree(Tree Tree, long Nodes, int Depth, long Leaves)
{
    /// <summary>By the names of the reference program's list of samples.</summary>
    public static IReadOnlyDictionary<string, KnownTree> All { get; } = new SortedDictionary<string, KnownTree>(StringComparer.OrdinalIgnoreCase)
    {
        ["T1"] = new(new Tree { Shape = TreeShape.Fixed, Depth = 10, Branching = 4, Seed = 19 }, 4130071, 10, 3305118),
        ["T2"] = new(new Tree { Shape = TreeShape.Cyclic, Depth = 16, Branching = 6, Seed = 502 }, 4117769, 81, 2342762),
        ["T3"] = new(new Tree { Kind = TreeKind.Binomial, Branching = 2000, Probability = 0.124875, Children = 8, Seed = 42 }, 4112897, 1572, 3599034),
        ["T5"] = new(new Tree { Shape = TreeShape.Linear, Depth = 20, Branching = 4, Seed = 34 }, 4147582, 20, 2181318),
        ["T1L"] = new(new Tree { Shape = TreeShape.Fixed, Depth = 13, Branching = 4, Seed = 29 }, 102181082, 13, 81746377),
    };

    public bool Is(TreeCount count) => (count.Nodes, count.Depth, count.Leaves) == (Nodes, Depth, Leaves);
}
