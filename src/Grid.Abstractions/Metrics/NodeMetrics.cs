using System.Collections.Immutable;

namespace Grid;

/// <summary>
/// What a node measured of itself at one moment. Immutable. <see langword="null"/> means that the figure is unknown: the platform does not tell
/// it, or there is nothing to measure yet. It never means zero. Counters count from the start of the process; ratios and percentiles
/// are about the last periods.
/// </summary>
public sealed record NodeMetrics
{
    /// <summary>Processors that the node may use, above 0: a limit of its control group is included, so it need not be whole.</summary>
    public double? Processors { get; init; }

    /// <summary>How much of <see cref="Processors"/> everything in the node's container (without one: on its machine) used, 0 to 1.</summary>
    public double? ProcessorLoadRatio { get; init; }

    /// <summary>How much of <see cref="Processors"/> the node's own process used, 0 to 1.</summary>
    public double? ProcessLoadRatio { get; init; }

    /// <summary>Memory in use in the node's container (without one: on its machine), file caches that can be dropped left out, in bytes.</summary>
    public long? MemoryUsedBytes { get; init; }

    /// <summary>Memory that could still be had, in bytes.</summary>
    public long? MemoryAvailableBytes { get; init; }

    /// <summary>The memory limit of the container, or the size of the machine's memory, in bytes.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>Physical memory of the node's own process, in bytes.</summary>
    public long? ProcessMemoryBytes { get; init; }

    /// <summary>The managed heap, in bytes, garbage not collected yet included.</summary>
    public long? HeapBytes { get; init; }

    /// <summary>The part of the time in which the collector stopped the process, 0 to 1.</summary>
    public double? GcPauseRatio { get; init; }

    /// <summary>Threads of the shared thread pool.</summary>
    public int? ThreadPoolThreads { get; init; }

    /// <summary>Work items that wait for a thread of the pool.</summary>
    public long? ThreadPoolPending { get; init; }

    /// <summary>How long a work item waited for a thread of the pool, in milliseconds; while one is still waiting, how long so far.</summary>
    public double? ThreadPoolDelayMs { get; init; }

    /// <summary>Job lanes that are running a piece of a job.</summary>
    public int? JobLanesBusy { get; init; }

    /// <summary>Jobs that hold a slot.</summary>
    public int? JobsActive { get; init; }

    /// <summary>Jobs that wait for a slot.</summary>
    public int? JobsWaiting { get; init; }

    /// <summary>Jobs that returned.</summary>
    public long? JobsDone { get; init; }

    /// <summary>Jobs that threw or could not be read.</summary>
    public long? JobsFailed { get; init; }

    /// <summary>Jobs that the node refused.</summary>
    public long? JobsRejected { get; init; }

    /// <summary>Jobs that were given up: cancelled, past their deadline, or left by a stopping or fenced node.</summary>
    public long? JobsCancelled { get; init; }

    /// <summary>Half of the jobs waited at most this long for a slot, in milliseconds, to an eighth.</summary>
    public double? QueueWaitP50Ms { get; init; }

    /// <summary>All but one in a hundred jobs waited at most this long for a slot, in milliseconds, to an eighth.</summary>
    public double? QueueWaitP99Ms { get; init; }

    /// <summary>Half of the jobs ran at most this long, in milliseconds, to an eighth.</summary>
    public double? RunTimeP50Ms { get; init; }

    /// <summary>All but one in a hundred jobs ran at most this long, in milliseconds, to an eighth.</summary>
    public double? RunTimeP99Ms { get; init; }

    /// <summary>Bytes received from peers.</summary>
    public long? BytesIn { get; init; }

    /// <summary>Bytes sent to peers.</summary>
    public long? BytesOut { get; init; }

    /// <summary>Frames received from peers.</summary>
    public long? FramesIn { get; init; }

    /// <summary>Frames sent to peers.</summary>
    public long? FramesOut { get; init; }

    /// <summary>Half of the questions to peers were answered within this time, in milliseconds, to an eighth; the peer's handling is included.</summary>
    public double? PeerRoundTripP50Ms { get; init; }

    /// <summary>All but one in a hundred questions to peers were answered within this time, in milliseconds, to an eighth.</summary>
    public double? PeerRoundTripP99Ms { get; init; }

    /// <summary>Load contexts with code of jobs.</summary>
    public int? LoadContexts { get; init; }

    /// <summary>Code of jobs that is kept on disk, in bytes.</summary>
    public long? CodeCacheBytes { get; init; }

    /// <summary>How late the node's own timer thread woke up, in milliseconds: a machine that is overcommitted or paused shows here first.</summary>
    public double? TimerLatenessMs { get; init; }

    /// <summary>Job lanes whose thread waits for something while its job holds a slot.</summary>
    public int? JobLanesBlocked { get; init; }

    /// <summary>How often the node asked another one for tasks of a fork/join computation.</summary>
    public long? ForkJoinAsks { get; init; }

    /// <summary>How often it was sent some.</summary>
    public long? ForkJoinAsksMet { get; init; }

    /// <summary>Tasks of fork/join computations that the node took from others.</summary>
    public long? ForkJoinStolen { get; init; }

    /// <summary>Bytes of such tasks and of their outcomes that the node sent to others.</summary>
    public long? ForkJoinBytes { get; init; }

    /// <summary>Tasks that another node had taken, was lost with or gave back, and that ran here again.</summary>
    public long? ForkJoinRunAgain { get; init; }

    /// <summary>How many fork/join tasks are begun on top of each other by threads that wait for a result, where it is most.</summary>
    public int? ForkJoinDepth { get; init; }

    /// <summary>What gets nowhere on the node; <see cref="NodeStarvation.None"/> when all is well.</summary>
    public NodeStarvation? Starvation { get; init; }

    /// <summary>How many members the node cannot reach.</summary>
    public int? UnreachablePeers { get; init; }

    /// <summary>What stands for the ids of at most eight of them.</summary>
    internal ImmutableArray<long> UnreachableMarks { get; init; } = [];
}
