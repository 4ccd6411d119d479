namespace Grid.Cli.Top;

/// <summary>What was seen of one worker lately: how its load went, and how fast its counters grow.</summary>
internal sealed class NodeTrack
{
    /// <summary>How many loads are kept.</summary>
    public const int LoadsMax = 8;

    private const int SightingsMax = 5;

    private readonly Queue<double?> _loads = new();
    private readonly Queue<(TimeSpan At, long? Done, long? Stolen)> _sightings = new();

    /// <summary>The loads of the last refreshes, 0 to 1, the oldest first.</summary>
    public IReadOnlyCollection<double?> Loads => _loads;

    /// <summary>Jobs that ended well per second, over the last refreshes; null while unknown.</summary>
    public double? JobsPerSecond => RateOf(sighting => sighting.Done);

    /// <summary>Fork/join tasks taken from other workers per second; null while unknown.</summary>
    public double? StealsPerSecond => RateOf(sighting => sighting.Stolen);

    /// <summary>Takes a sighting.</summary>
    /// <param name="metrics">What the worker said of itself; null when it said nothing.</param>
    /// <param name="at">When.</param>
    public void Add(NodeMetrics? metrics, TimeSpan at)
    {
        Keep(_loads, metrics?.ProcessLoadRatio, LoadsMax);
        Keep(_sightings, (at, metrics?.JobsDone, metrics?.ForkJoinStolen), SightingsMax);
    }

    private static void Keep<T>(Queue<T> queue, T item, int max)
    {
        queue.Enqueue(item);
        if (queue.Count > max)
        {
            queue.Dequeue();
        }
    }

    private double? RateOf(Func<(TimeSpan At, long? Done, long? Stolen), long?> counter)
    {
        var known = _sightings.Where(sighting => counter(sighting) is not null).ToList();
        return known is [var first, .., var last] && last.At > first.At && counter(last) >= counter(first)
            ? (counter(last) - counter(first)) / (last.At - first.At).TotalSeconds
            : null;
    }
}
