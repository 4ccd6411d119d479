namespace Grid;

/// <summary>A submitted job. Safe to use from any thread.</summary>
/// <typeparam name="TResult">What the job returns.</typeparam>
public interface IJobHandle<TResult>
{
    /// <summary>The job.</summary>
    JobId Id { get; }

    /// <summary>Where it is in its life.</summary>
    JobStatus Status { get; }

    /// <summary>The node that has it, or had it last; <see langword="null"/> before it was placed.</summary>
    NodeInfo? Node { get; }

    /// <summary>The result, the job's exception, or cancellation.</summary>
    Task<TResult> Completion { get; }

    /// <summary>
    /// The job's reports: the latest first, then each as it comes; a slow reader misses some, never the last. Ends with the job.
    /// </summary>
    /// <param name="ct">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    IAsyncEnumerable<JobProgress> ProgressAsync(CancellationToken ct = default);

    /// <summary>
    /// What the job logs at <see cref="JobOptions.LogToCaller"/> or above, in order, for one reader. The last 1,000 lines wait for a reader that is slow; a line tells
    /// how many were lost. Ends with the job.
    /// </summary>
    /// <param name="ct">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    IAsyncEnumerable<JobLogLine> LogAsync(CancellationToken ct = default);

    /// <summary>Asks the job to stop; <see cref="Completion"/> then ends as cancelled, unless the job was faster. Idempotent.</summary>
    void Cancel();
}
