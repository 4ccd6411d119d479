namespace Grid;

/// <summary>The configuration cannot be used. One exception lists every problem.</summary>
/// <param name="problems">Each problem with its key and the accepted values.</param>
public sealed class GridConfigurationException(IReadOnlyList<string> problems)
    : GridException($"The grid configuration has {problems.Count} problem{(problems.Count == 1 ? "" : "s")}:{string.Concat(problems.Select(problem => $"{Environment.NewLine}  - {problem}"))}")
{
    /// <summary>Each problem with its key and the accepted values.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
