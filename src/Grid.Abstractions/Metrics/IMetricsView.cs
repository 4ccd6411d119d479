namespace Grid;

/// <summary>
/// The latest metrics of every member, as this process has heard of them. Answers come from memory, at once, on any thread. A node that falls
/// silent goes from fresh to stale to unknown; it never shows zeros.
/// </summary>
public interface IMetricsView
{
    /// <summary>One reading per member of the topology, in join order; members that nothing is known of are included and say so.</summary>
    IReadOnlyList<NodeMetricsReading> All { get; }

    /// <summary>The reading of one member, or <see langword="null"/> when no member has that identity.</summary>
    /// <param name="node">The process.</param>
    NodeMetricsReading? Find(NodeId node);
}
