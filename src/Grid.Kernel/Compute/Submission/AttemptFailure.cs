namespace Grid.Kernel.Compute.Submission;

/// <summary>Why an attempt gave no outcome.</summary>
/// <param name="Reason">In words, for the history.</param>
/// <param name="IsRejection">The node answered that it did not run the job to its end.</param>
/// <param name="MayHaveRun">The job's code may have been started.</param>
internal readonly record struct AttemptFailure(string Reason, bool IsRejection, bool MayHaveRun)
{
    /// <summary>Whether the submitter took the job back, so that the attempt does not count against <see cref="JobOptions.MaxAttempts"/>.</summary>
    public bool IsMove { get; init; }
}
