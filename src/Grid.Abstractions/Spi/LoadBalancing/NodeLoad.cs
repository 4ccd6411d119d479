namespace Grid.Spi;

/// <summary>What the submitter knows of a candidate's load.</summary>
/// <param name="Node">The candidate.</param>
/// <param name="InFlight">Attempts that this submitter has sent to the node and that are not answered yet.</param>
public readonly record struct NodeLoad(NodeInfo Node, int InFlight)
{
    /// <summary>What the node last told of itself; <see langword="null"/> is unknown, which is not idle.</summary>
    public NodeMetrics? Metrics { get; init; }

    /// <summary>How old <see cref="Metrics"/> are, to a period of their exchange; zero without them.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>How many of the submitter's own attempts <see cref="Metrics"/> probably include, so that they are not counted twice; zero without them.</summary>
    public int InFlightCounted { get; init; }
}
