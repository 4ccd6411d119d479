namespace Grid.Samples.ForkJoin;

/// <summary>
/// A tree of the Unbalanced Tree Search benchmark (S. Olivier et al., LCPC 2006): its nodes exist only while somebody looks at them, and every part of it may have any size.
/// The formulas and their order are those of the reference program, so that the counts are the published ones.
/// </summary>
internal sealed record Tree
{
    private const int ChildrenMax = 100;

    /// <summary>The reference program's <c>-t</c>.</summary>
    public TreeKind Kind { get; init; } = TreeKind.Geometric;

    /// <summary><c>-a</c>, for geometric trees.</summary>
    public TreeShape Shape { get; init; } = TreeShape.Linear;

    /// <summary><c>-d</c>: the depth limit of geometric trees.</summary>
    public int Depth { get; init; } = 6;

    /// <summary><c>-b</c>: the children of a binomial tree's root, the mean at a geometric tree's root.</summary>
    public double Branching { get; init; } = 4;

    /// <summary><c>-m</c>: the children of a binomial tree's inner nodes.</summary>
    public int Children { get; init; } = 4;

    /// <summary><c>-q</c>: the probability that a binomial tree's node is an inner one.</summary>
    public double Probability { get; init; } = 15.0 / 64.0;

    /// <summary><c>-r</c>.</summary>
    public int Seed { get; init; }

    public int ChildrenOf(in TreeNode node) => Kind switch
    {
        TreeKind.Binomial when node.Height == 0 => (int)Math.Floor(Branching),
        TreeKind.Binomial => Math.Min(ChildrenMax, node.Chance < Probability ? Children : 0),
        TreeKind.Geometric => Math.Min(ChildrenMax, GeometricChildrenOf(in node)),
        _ => throw new InvalidOperationException($"There is no tree of kind {Kind}."),
    };

    private int GeometricChildrenOf(in TreeNode node)
    {
        var p = 1.0 / (1.0 + MeanAt(node.Height));
        return (int)Math.Floor(Math.Log(1 - node.Chance) / Math.Log(1 - p));
    }

    private double MeanAt(int height) => Shape switch
    {
        _ when height == 0 => Branching,
        TreeShape.Linear => Branching * (1.0 - ((double)height / Depth)),
        TreeShape.Exponential => Branching * Math.Pow(height, -Math.Log(Branching) / Math.Log(Depth)),
        TreeShape.Cyclic => height > 5 * Depth ? 0.0 : Math.Pow(Branching, Math.Sin(2.0 * 3.141592653589793 * height / Depth)),
        TreeShape.Fixed => height < Depth ? Branching : 0,
        _ => throw new InvalidOperationException($"There is no shape {Shape}."),
    };
}
