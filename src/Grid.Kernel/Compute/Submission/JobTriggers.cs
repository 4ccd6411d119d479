namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// What ends a job before its outcome: the caller's token, the token of the job that submitted it, and its deadline. Stored in the call; armed once, released once it has ended.
/// </summary>
internal struct JobTriggers
{
    private ArmedDeadline? _deadline;
    private CancellationTokenRegistration _cancelled;
    private CancellationTokenRegistration _parentCancelled;

    public void Arm(JobCall call, DeadlineClock clock, long? dueAt, CancellationToken ct, CancellationToken parent)
    {
        if (ct.CanBeCanceled)
        {
            _cancelled = ct.UnsafeRegister(static (call, token) => ((JobCall)call!).GiveUp(token), call);
        }

        if (parent.CanBeCanceled)
        {
            _parentCancelled = parent.UnsafeRegister(static (call, token) => ((JobCall)call!).GiveUp(token), call);
        }

        if (dueAt is { } due)
        {
            _deadline = clock.Arm(due, static call => ((JobCall)call).OnDeadline(), call);
        }
    }

    /// <summary>Takes back what has not fired. Does not wait for what is firing.</summary>
    public readonly void Release()
    {
        _deadline?.Cancel();
        _cancelled.Unregister();
        _parentCancelled.Unregister();
    }
}
