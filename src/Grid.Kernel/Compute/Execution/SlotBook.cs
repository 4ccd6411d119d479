namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// How many slots are taken, and which jobs have lent theirs while they wait for nested work. Everything but the glances (<see cref="Taken"/>, <see cref="Resuming"/>) is called under the scheduler's lock.
/// </summary>
internal sealed class SlotBook(int slots)
{
    private readonly Queue<JobRun> _resuming = new();

    /// <summary>How many slots there are.</summary>
    public int Slots => slots;

    /// <summary>How many are taken, by jobs and by helpers; over the limit for moments.</summary>
    public int Taken { get; private set; }

    /// <summary>How many jobs want the slot back that they lent.</summary>
    public int Resuming => _resuming.Count;

    /// <summary>Counts slots taken or given back by others than jobs.</summary>
    public void Count(int change) => Taken += change;

    public void Take(JobRun run)
    {
        run.SlotState = SlotState.Held;
        Taken++;
    }

    /// <summary>The job is over.</summary>
    public void Release(JobRun run)
    {
        if (run.SlotState == SlotState.Held)
        {
            Taken--;
        }

        run.SlotState = SlotState.Done;
    }

    /// <summary>Takes the slot of a lane's job whose thread waits for nested work.</summary>
    /// <returns>False when there is no such job on it.</returns>
    public bool TryLendWhileBlocked(JobLane lane)
    {
        if (lane.Current is not { NestedWork: > 0, SlotState: SlotState.Held, IsComputation: false } run || !lane.IsBlocked)
        {
            return false;
        }

        run.SlotState = SlotState.LentWhileBlocked;
        Taken--;
        return true;
    }

    /// <summary>A piece of nested work ended. A job that blocked its thread on it is running again and takes its slot back, over the limit if need be.</summary>
    public void EndNested(JobRun run)
    {
        run.NestedWork--;
        if (run is { SlotState: SlotState.LentWhileBlocked, NestedWork: 0 })
        {
            Take(run);
        }
    }

    /// <summary>A lane has come back from a piece of the job.</summary>
    public void EndSegment(JobRun run)
    {
        run.RunningSegments--;
        var isIdle = run.RunningSegments == 0 && run.QueuedContinuations == 0;
        if (run.SlotState == SlotState.Held && isIdle && run.NestedWork > 0)
        {
            run.SlotState = SlotState.Lent;
            Taken--;
        }
        else if (run.SlotState == SlotState.LentWhileBlocked)
        {
            // It woke up by itself (a timeout, a cancellation) while nested work goes on.
            run.SlotState = isIdle ? SlotState.Lent : SlotState.Held;
            Taken += run.SlotState == SlotState.Held ? 1 : 0;
        }
    }

    /// <summary>Keeps a continuation of a job that has lent its slot until it has one again.</summary>
    /// <returns>False when the job has not lent it.</returns>
    public bool TryPostpone(JobRun run, JobWork work)
    {
        if (run.SlotState != SlotState.Lent)
        {
            return false;
        }

        run.Pending.Enqueue(work);
        if (run.Pending.Count == 1)
        {
            _resuming.Enqueue(run);
        }

        return true;
    }

    /// <summary>Gives the next job that wants it a slot back.</summary>
    /// <param name="ready">Where its further continuations go.</param>
    /// <param name="first">Its first continuation.</param>
    public bool TryResume(Queue<JobWork> ready, out JobWork first)
    {
        if (!_resuming.TryDequeue(out var run))
        {
            first = default;
            return false;
        }

        first = run.Pending.Dequeue();
        if (run.SlotState == SlotState.Lent)
        {
            Take(run);
        }

        while (run.Pending.TryDequeue(out var next))
        {
            run.QueuedContinuations++;
            ready.Enqueue(next);
        }

        return true;
    }
}
