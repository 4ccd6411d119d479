namespace Grid;

/// <summary>What is known of a member's metrics at the moment of asking.</summary>
/// <param name="Node">The member, in the incarnation that measured.</param>
/// <param name="Freshness">How far the figures can be trusted.</param>
/// <param name="Metrics">The figures; <see langword="null"/> exactly when <paramref name="Freshness"/> is <see cref="MetricsFreshness.Unknown"/>.</param>
/// <param name="Age">
/// The time since the node measured, by monotonic clocks only; the way through the network is not counted. <see langword="null"/> when unknown.
/// </param>
public sealed record NodeMetricsReading(NodeInfo Node, MetricsFreshness Freshness, NodeMetrics? Metrics, TimeSpan? Age)
{
    /// <summary>The membership of <see cref="Node"/> that the figures belong to; those of an earlier one are never shown.</summary>
    public long Incarnation => Node.Incarnation;
}
