namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// Ends jobs before their time, in grades. A job that waits, for its code or for a slot, ends at once. One that runs has its token cancelled and a while to end by itself; after that its
/// submitter has its outcome and the job is abandoned: counted, shown, and in its slot until its code ends.
/// </summary>
/// <param name="host">Runs the jobs.</param>
/// <param name="arriving">Those that wait for their code, if any can.</param>
/// <param name="grace">The while.</param>
internal sealed class JobCancellation(JobHost host, ArrivingJobs? arriving, TimeSpan grace)
{
    /// <summary>A job is no longer wanted. Any thread; a second call does nothing.</summary>
    public void Cancel(JobRun run)
    {
        if (arriving?.TryCancel(run.Key) == true || !run.Cancel())
        {
            return;
        }

        if (host.Scheduler.TryWithdraw(run))
        {
            host.EndCancelled(run);
        }
        else if (!run.IsEnded)
        {
            // One that is on its way in is withdrawn when it is admitted; then this fires for nothing.
            run.Deadline?.Cancel();
            run.Deadline = host.Clock.Arm(host.Clock.After(grace), static state => ((JobRun)state).Host.Abandon((JobRun)state), run);
        }
    }

    /// <summary>The submitter no longer wants an attempt.</summary>
    public void Cancel(JobKey key)
    {
        if (arriving?.TryCancel(key) != true && host.Scheduler.Find(key) is { } run)
        {
            Cancel(run);
        }
    }

    /// <summary>An operator no longer wants a job.</summary>
    /// <returns>How many attempts of it are here.</returns>
    public int Cancel(JobId job, string by)
    {
        var runs = Find(run => run.Key.Submitter.Id == job.Submitter && run.Key.Number == job.Number);
        foreach (var run in runs)
        {
            run.CancelledBy = by;
            Cancel(run);
        }

        return runs.Count;
    }

    /// <summary>The submitter is gone, and with it the reason for its jobs.</summary>
    public void CancelAllOf(NodeKey submitter) => CancelWhere(run => run.Key.Submitter == submitter);

    /// <summary>The node gives up everything it has: it is fenced, or out of time to drain.</summary>
    public void CancelAll() => CancelWhere(static _ => true);

    /// <summary>Hands the jobs that wait back to their submitters, which try elsewhere.</summary>
    /// <param name="reason">Why, as the end of a sentence about the node.</param>
    public void HandBackWaiting(string reason)
    {
        arriving?.HandBackAll(reason);
        foreach (var run in host.Scheduler.Find(static run => run.SlotState == SlotState.Waiting))
        {
            if (host.Scheduler.TryWithdraw(run))
            {
                host.HandBack(run, reason);
            }
        }
    }

    private void CancelWhere(Func<JobRun, bool> isWanted)
    {
        foreach (var run in Find(isWanted))
        {
            Cancel(run);
        }
    }

    private List<JobRun> Find(Func<JobRun, bool> isWanted) => [.. arriving?.Runs.Where(isWanted) ?? [], .. host.Scheduler.Find(isWanted)];
}
