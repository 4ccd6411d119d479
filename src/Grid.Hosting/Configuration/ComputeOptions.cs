namespace Grid.Hosting;

/// <summary>Limits of the work that a node submits and runs: the section <c>Grid:Compute</c>.</summary>
public sealed class ComputeOptions
{
    /// <summary>
    /// <c>InFlightMax</c>: how many jobs this node may have sent out and not heard back from, 1 to 1,000,000, default 4,096. Beyond it submitters wait.
    /// Each holds its argument in memory until it is answered; too few leave nodes idle (slots of the cluster times two is a good least).
    /// </summary>
    public int InFlightMax { get; init; } = 4096;

    /// <summary>
    /// <c>QueueMax</c>: how many jobs wait for a slot of this node, 0 to 1,000,000, default 16,384. A job beyond it is refused, and its submitter tries another node. More costs memory and hides overload.
    /// </summary>
    public int QueueMax { get; init; } = 16384;

    /// <summary>
    /// <c>CancelGrace</c>: how long a job that was cancelled, or is past its deadline, may take to end by itself, 0 to 1 hour, default 5 s. After that its submitter gets its outcome and the node reports the job as abandoned; it
    /// keeps its slot until its code ends, because nobody can end a thread. Longer lets jobs tidy up; shorter frees their submitters sooner.
    /// </summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(5);
}
