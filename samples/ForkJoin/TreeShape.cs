namespace Grid.Samples.ForkJoin;

/// <summary>How the mean of a geometric tree depends on the depth; the numbers are those of the reference program's <c>-a</c>.</summary>
internal enum TreeShape
{
    /// <summary>It falls to zero at the depth limit.</summary>
    Linear = 0,

    /// <summary>It falls exponentially.</summary>
    Exponential = 1,

    /// <summary>It goes up and down; there is nothing below five times the depth limit.</summary>
    Cyclic = 2,

    /// <summary>It is the same everywhere above the depth limit.</summary>
    Fixed = 3,
}
