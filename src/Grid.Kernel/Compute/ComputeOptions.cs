namespace Grid.Kernel.Compute;

/// <summary>The limits of the compute part of a node. Validated by the host before the node starts.</summary>
internal sealed record ComputeOptions
{
    /// <summary>
    /// How many jobs a submitter has on the nodes at once: 1 to 1,000,000, default 4,096. Callers beyond it wait. Raising it costs
    /// memory at the submitter and longer queues at the workers; below slots times nodes, slots stay idle.
    /// </summary>
    public int InFlightMax { get; init; } = 4096;

    /// <summary>
    /// How many jobs wait for a slot on this node: 0 to 1,000,000, default 16,384. A job beyond it is rejected, and its submitter
    /// tries another node. Raising it costs memory and hides overload.
    /// </summary>
    public int QueueMax { get; init; } = 16384;

    /// <summary>
    /// How many threads run jobs at most, beyond the slots: 0 to 10,000, default 256. A thread is added when a job blocks its own
    /// thread on nested grid work; without one to add, the job keeps its slot while it waits.
    /// </summary>
    public int ExtraLanesMax { get; init; } = 256;

    /// <summary>
    /// How long a job waits for a node that may run it, when it was already tried, when those that may cannot be reached, or when the grid has no
    /// member: default 10 s. Raising it lets jobs survive longer restarts of the whole grid; lowering it reports the loss sooner.
    /// </summary>
    public TimeSpan PlacementTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The base of the pause before a job is sent to a node that failed it already: default 50 ms. The pause is drawn evenly from zero to
    /// the base times two to the power of the attempts so far, at most 64 times the base.
    /// </summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How large the value of a checkpoint may be, in bytes: 1 KiB to 1 GiB, default 16 MiB. A value is in memory as a whole while it is saved or loaded.</summary>
    public int CheckpointBytesMax { get; init; } = 16 << 20;

    /// <summary>How many attempts of a job may fail unless its own options say so: 1 to 100, default 5.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>
    /// How much work a submitter keeps at a node beyond what it needs to run, see <see cref="Submission.CreditWindow"/>: above zero to 10 s, default 20 ms. Raising it above the round trip to the
    /// farthest node lets short jobs use that node; lowering it leaves more to nodes that turn out to be faster.
    /// </summary>
    public TimeSpan WindowPeriod { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How many times an idle job thread looks for work before it parks: 0 to 10,000, default 100. Raising it shortens the
    /// wake-up of the next job and costs processor time after each burst.
    /// </summary>
    public int LaneSpins { get; init; } = 100;

    /// <summary>
    /// How long a job that was cancelled, or is past its deadline, may go on before its submitter gets an outcome without it: 0 to 1 hour, default 5 s. It then counts as abandoned, and in its slot, until its code ends.
    /// </summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// From which fraction of the memory limit on the node starts no further job while one runs: 0.1 to 1, or 0 (default) for never. It goes on at 0.05 below.
    /// </summary>
    public double MemoryWatermark { get; init; }
}
