namespace Grid.Samples.ForkJoin;

/// <summary>How the numbers of children are distributed; the numbers are those of the reference program's <c>-t</c>.</summary>
internal enum TreeKind
{
    /// <summary>Every node but the root has m children with probability q, and otherwise none.</summary>
    Binomial = 0,

    /// <summary>Geometric, with a mean that depends on the depth.</summary>
    Geometric = 1,
}
