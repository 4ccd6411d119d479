using System.Collections.Concurrent;

namespace Grid.Kernel.Gossip;

/// <summary>Shows what is known of the members' figures, with their age at the moment of asking. One thread publishes, any reads.</summary>
/// <param name="topology">Who is a member.</param>
/// <param name="period">The period of the exchange.</param>
/// <param name="now">The clock that <see cref="KnownMetrics.SampledAt"/> is on.</param>
internal sealed class MetricsBoard(ITopology topology, TimeSpan period, Func<TimeSpan> now) : IMetricsView
{
    private readonly ConcurrentDictionary<NodeId, KnownMetrics> _known = new();

    /// <inheritdoc/>
    public IReadOnlyList<NodeMetricsReading> All
    {
        get
        {
            var view = topology.Current;
            return [.. view.Nodes.Select(node => Read(node, view))];
        }
    }

    /// <inheritdoc/>
    public NodeMetricsReading? Find(NodeId node)
    {
        var view = topology.Current;
        return view.Find(node) is { } member ? Read(member, view) : null;
    }

    /// <summary>Takes over what has changed.</summary>
    public void Publish(IReadOnlyList<GossipEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (!entry.IsUnpublished)
            {
                continue;
            }

            entry.IsUnpublished = false;
            if (entry.Version == 0)
            {
                _known.TryRemove(entry.Node.Id, out _);
            }
            else
            {
                _known[entry.Node.Id] = new KnownMetrics(entry.Node.Key, MetricSample.ToMetrics(entry.Values), entry.SampledAt);
            }
        }
    }

    /// <summary>Drops what is known of nodes that are gone.</summary>
    public void OnView(TopologyView view)
    {
        foreach (var id in _known.Keys)
        {
            if (view.Find(id) is null)
            {
                _known.TryRemove(id, out _);
            }
        }
    }

    private NodeMetricsReading Read(NodeInfo node, TopologyView view)
    {
        if (!_known.TryGetValue(node.Id, out var known) || known.Key != node.Key)
        {
            return Unknown(node);
        }

        var age = now() - known.SampledAt;
        age = age > TimeSpan.Zero ? age : TimeSpan.Zero;
        return age >= MetricsAging.UnknownAfter(period, view.Nodes.Length)
            ? Unknown(node)
            : new NodeMetricsReading(node, age < MetricsAging.StaleAfter(period, view.Nodes.Length) ? MetricsFreshness.Fresh : MetricsFreshness.Stale, known.Metrics, age);
    }

    private static NodeMetricsReading Unknown(NodeInfo node) => new(node, MetricsFreshness.Unknown, null, null);
}
