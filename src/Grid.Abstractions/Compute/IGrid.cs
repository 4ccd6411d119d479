namespace Grid;

/// <summary>
/// The grid as one process sees it: all worker nodes as a group, the topology, and the nodes' metrics. Disposing it leaves the cluster;
/// work that it submitted and that is not finished is cancelled.
/// </summary>
public interface IGrid : INodeGroup, IAsyncDisposable
{
    /// <summary>The record of this process: a worker, or a client (no slots, no endpoints, not a member).</summary>
    NodeInfo LocalNode { get; }

    /// <summary>Who is a member, and how that changes.</summary>
    ITopology Topology { get; }

    /// <summary>The latest metrics of every member, with their age; unknown is never zero.</summary>
    IMetricsView Metrics { get; }

    /// <summary>How the members stand as seen from here: which cannot be reached, which starve.</summary>
    IHealthView Health { get; }
}
