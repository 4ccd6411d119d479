namespace Grid.Cli.Top;

/// <summary>What was seen of one worker lately: how its load went, and how fast its counters grow.</summary>
internal sealed class NodeTrack
{
    /// <summary>How many loads are kept.</summary>
    public const int LoadsMax = 8;

    private const int SightingsMax = 5;

    private readonly Queue<double?> _loads = new();
    private readonly Queue<(TimeSpan At, NodeMetrics? Metrics)> _sightings = new();

    /// <summary>The loads of the last refreshes, 0 to 1, the oldest first.</summary>
    public IReadOnlyCollection<double?> Loads => _loads;

    /// <summary>Jobs that ended well per second, over the last refreshes; null while unknown.</summary>
    public double? JobsPerSecond => RateOf(metrics => metrics.JobsDone);

    /// <summary>Fork/join tasks taken from other workers per second; null while unknown.</summary>
    public double? StealsPerSecond => RateOf(metrics => metrics.ForkJoinStolen);

    /// <summary>How often it asked other workers for such tasks, per second; null while unknown.</summary>
    public double? AsksPerSecond => RateOf(metrics => metrics.ForkJoinAsks);

    /// <summary>How many of these questions brought some, 0 to 1; null while it has not asked.</summary>
    public double? AsksMetRatio => AsksPerSecond is { } asks and > 0 ? Math.Min(1, (RateOf(metrics => metrics.ForkJoinAsksMet) ?? 0) / asks) : null;

    /// <summary>Bytes of such tasks and their outcomes that it sent, per second; null while unknown.</summary>
    public double? StealBytesPerSecond => RateOf(metrics => metrics.ForkJoinBytes);

    /// <summary>Takes a sighting.</summary>
    /// <param name="metrics">What the worker said of itself; null when it said nothing.</param>
    /// <param name="at">When.</param>
    public void Add(NodeMetrics? metrics, TimeSpan at)
    {
        Keep(_loads, metrics?.ProcessLoadRatio, LoadsMax);
        Keep(_sightings, (at, metrics), SightingsMax);
    }

    private static void Keep<T>(Queue<T> queue, T item, int max)
    {
        queue.Enqueue(item);
        if (queue.Count > max)
        {
            queue.Dequeue();
        }
    }

    private double? RateOf(Func<NodeMetrics, long?> counter)
    {
        var known = _sightings.Select(sighting => (sighting.At, Count: sighting.Metrics is { } metrics ? counter(metrics) : null)).Where(sighting => sighting.Count is not null).ToList();
        return known is [var first, .., var last] && last.At > first.At && last.Count >= first.Count
            ? (last.Count - first.Count) / (last.At - first.At).TotalSeconds
            : null;
    }
}
