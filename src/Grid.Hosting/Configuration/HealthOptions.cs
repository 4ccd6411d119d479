namespace Grid.Hosting;

/// <summary>When members are suspected and when this node starves: the section <c>Grid:Health</c>.</summary>
public sealed class HealthOptions
{
    /// <summary>
    /// <c>SuspectAfter</c>: how long a peer may owe an answer before it is sent no more jobs and those that wait there move: 100 ms to 1 minute, default 1.25 s. Lower finds hanging nodes sooner;
    /// higher spares busy machines wrong suspicions, each of which costs a second run of what waited there.
    /// </summary>
    public TimeSpan SuspectAfter { get; init; } = TimeSpan.FromSeconds(1.25);

    /// <summary>
    /// <c>StarvedAfter</c>: how long every slot must be held by a job whose thread waits, without any job ending, until the node says that it starves: 0 to 1 hour, default 10 s. Raise it where jobs
    /// block their threads on purpose, such as for slow services.
    /// </summary>
    public TimeSpan StarvedAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>PoolDelayMax</c>: how long work queued to the shared thread pool may wait until the node says that it starves: 1 ms to 1 hour, default 1 s.</summary>
    public TimeSpan PoolDelayMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>EventsMax</c>: how many events the flight recorder keeps of nodes, and how many of jobs: 16 to 65,536 each, default 1,024. One takes about 300 bytes.</summary>
    public int EventsMax { get; init; } = 1024;
}
