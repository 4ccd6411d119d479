using Microsoft.Extensions.Logging;

namespace Grid;

/// <summary>
/// What a running job knows of itself. Made by Grid for each attempt and valid while the job runs; safe to use from
/// any thread of the job.
/// </summary>
public interface IJobContext
{
    /// <summary>The job; the same for all its attempts.</summary>
    JobId JobId { get; }

    /// <summary>1 for the first attempt, and so on.</summary>
    int Attempt { get; }

    /// <summary>Proves to a store outside which attempt is writing.</summary>
    JobFence Fence { get; }

    /// <summary>The node that runs this attempt.</summary>
    NodeInfo Node { get; }

    /// <summary>
    /// The grid, for nested work. Waiting for it hands this job's slot to another job until the result is there, so any depth of
    /// nesting runs on one slot per node. Nested jobs inherit this job's deadline and cancellation.
    /// </summary>
    IGrid Grid { get; }

    /// <summary>Cancelled when the caller cancels or leaves, the deadline passes, or the node is fenced or stops.</summary>
    CancellationToken CancellationToken { get; }

    /// <summary>How long the caller still waits, measured when read; <see langword="null"/> without a limit.</summary>
    TimeSpan? Remaining { get; }

    /// <summary>When the caller stops waiting, by this node's clock; <see langword="null"/> without a limit.</summary>
    DateTimeOffset? Deadline { get; }

    /// <summary>Tells the caller how far the job is. Reports are lossy: only the latest is kept when they come faster than they are read.</summary>
    IProgress<JobProgress> Progress { get; }

    /// <summary>What the job saves for its next attempt, should this one be lost with its node.</summary>
    IJobCheckpoints Checkpoints { get; }

    /// <summary>The services of the node that runs the job, or an empty provider.</summary>
    IServiceProvider Services { get; }

    /// <summary>Logs on the node that runs the job, with the job's id in the scope.</summary>
    ILogger Logger { get; }
}
