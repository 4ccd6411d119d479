namespace Grid.Kernel.Compute.Submission;

/// <summary>What a grid shows of its nodes beside running work on them.</summary>
/// <param name="Topology">Who is a member.</param>
/// <param name="Metrics">What is known of the members' metrics.</param>
/// <param name="Health">How the members stand.</param>
/// <param name="LocalNode">The local node's record as it is now.</param>
internal readonly record struct GridViews(ITopology Topology, IMetricsView Metrics, IHealthView Health, Func<NodeInfo> LocalNode);
