using Grid.Kernel.Compute.Wire;

namespace Grid.Kernel.Compute.Submission;

/// <summary>An attempt that was sent, as its job keeps it until the node has answered.</summary>
/// <param name="Number">Its number; 0 for none.</param>
/// <param name="Target">Where it was sent.</param>
/// <param name="SentAt">When, as a timestamp.</param>
/// <param name="RequestId">What is needed to abandon it; 0 when there is nothing to abandon, or it is just being sent.</param>
internal readonly record struct AttemptOnNode(int Number, JobTarget? Target, long SentAt, long RequestId = 0)
{
    /// <summary>Says that nobody wants the attempt any more, and forgets its answer.</summary>
    /// <param name="job">The job's number.</param>
    public void Abandon(long job)
    {
        Target?.Abandon(RequestId, new JobNotice(job, Number).ToBytes());
        Target?.CountEnded();
    }

    /// <summary>Says that nobody wants the attempt any more; its node counts as busy with it until it answers.</summary>
    /// <param name="job">The job's number.</param>
    public void Cancel(long job) => Target?.Cancel(new JobNotice(job, Number).ToBytes());
}
