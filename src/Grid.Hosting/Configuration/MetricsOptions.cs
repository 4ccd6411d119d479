namespace Grid.Hosting;

/// <summary>How nodes measure themselves and learn of each other's load: the section <c>Grid:Metrics</c>. The same on every node of a cluster.</summary>
public sealed class MetricsOptions
{
    /// <summary>The value of <see cref="Exchange"/> with which nodes tell each other.</summary>
    public const string Gossip = "Gossip";

    /// <summary>The value of <see cref="Exchange"/> with which nodes write their metrics into their records in the registry.</summary>
    public const string Discovery = "Discovery";

    /// <summary>
    /// <c>Exchange</c>: <c>Gossip</c> (default): nodes tell each other directly, and nothing periodic is written to the registry. <c>Discovery</c>: each node keeps its metrics in its
    /// record there and reads those of the others, for small clusters that want all of it in one place. That costs the registry one write and one read of all records per node and period,
    /// so n / period writes a second and n * n / period records read: with 100 nodes and 30 s, 3 writes and 333 records a second.
    /// </summary>
    public string Exchange { get; init; } = Gossip;

    /// <summary>
    /// <c>Period</c>: how often a node measures itself and exchanges metrics. With Gossip 100 ms to 1 minute, default 1 s; with Discovery 5 s to 10 minutes, default 30 s. News needs about
    /// log2 n + 4 periods to reach everybody by gossip, one to two by discovery. Halving it doubles the traffic: by gossip a node sends 96 KiB per period at most on average.
    /// </summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);
}
