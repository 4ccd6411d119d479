namespace Grid.Kernel.Health;

/// <summary>When a node is suspected, when it starves, and how much is remembered. Validated by the host before the node starts.</summary>
internal sealed record HealthOptions
{
    /// <summary>
    /// How long a peer may owe an answer, to a ping or to an attempt to link, before it is suspected: 100 ms to 1 minute, default 1.25 s. With the interval of pings (500 ms) a node that hangs is
    /// suspected within 2 s. Lower finds hanging nodes sooner and suspects those that only pause; a false suspicion costs the second run of what waited there.
    /// </summary>
    public TimeSpan SuspectAfter { get; init; } = TimeSpan.FromSeconds(1.25);

    /// <summary>How often links and metrics are looked at: 10 ms to 10 s, default 100 ms.</summary>
    public TimeSpan LookPeriod { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long every slot must be held by a job whose thread waits, without any job ending, until the job lanes starve: 0 to 1 hour, default 10 s. Lower takes a node that runs blocking jobs on
    /// purpose for one that hangs; it is then sent less while others are well.
    /// </summary>
    public TimeSpan StarvedAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long work queued to the shared thread pool waits until the pool starves: 1 ms to 1 hour, default 1 s. It starves no longer below a quarter of it.</summary>
    public TimeSpan PoolDelayMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long things must go well until a node that starved is well again: 0 to 1 hour, default 2 s. Longer makes the state swing less.</summary>
    public TimeSpan RecoveredAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many events the flight recorder keeps of nodes, and how many of jobs: 16 to 65,536 each, default 1,024. One takes about 300 bytes.</summary>
    public int EventsMax { get; init; } = 1024;
}
