namespace Grid;

/// <summary>No member may run the job; for each the reason is given.</summary>
/// <param name="message">What happened, to whom, and what the reader can do.</param>
/// <param name="exclusions">Each member and why it was excluded; empty when there is no member at all.</param>
public sealed class NoEligibleNodeException(string message, IReadOnlyList<NodeExclusion> exclusions) : GridException(message)
{
    /// <summary>Each member and why it was excluded; empty when there is no member at all.</summary>
    public IReadOnlyList<NodeExclusion> Exclusions { get; } = exclusions;

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
