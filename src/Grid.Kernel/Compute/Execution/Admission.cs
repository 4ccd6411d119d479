using Grid.Spi;

namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// The jobs that wait for their first slot, in the hands of a collision provider, and what keeps the node safe from it. All of it is called under the scheduler's lock.
/// </summary>
/// <remarks>
/// A provider that throws, or decides what it must not, costs one job, the one that arrived or that waits longest: it is handed back to its submitter, and the next is asked for. So however often it
/// fails, what waits gets away. What must not be done under the lock (answering, logging) is left to whoever takes the <see cref="AdmissionChores"/>.
/// </remarks>
/// <param name="provider">Decides who is next.</param>
/// <param name="ledger">What is free.</param>
/// <param name="queueMax">How many jobs wait at most, beyond those for which there are slots.</param>
/// <param name="findOldestWaiting">Finds the job that waits longest.</param>
internal sealed class Admission(ICollisionSpi provider, ResourceLedger ledger, int queueMax, Func<JobRun?> findOldestWaiting)
{
    private AdmissionChores? _chores;

    // Whether the provider let all wait and nothing has changed since; it is not asked then.
    private bool _isDeferred;

    // Whether the provider is to be asked again later already.
    private bool _isReminded;

    /// <summary>How many jobs wait for their first slot. May be read without the lock, as a glance.</summary>
    public int Waiting { get; private set; }

    /// <summary>Why new jobs are refused; null when they are taken.</summary>
    public string? ClosedBecause { get; set; }

    /// <summary>Whether the node is short of memory: only when nothing runs is anything started, so that what waits gets on.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Whether more jobs than one may have become able to start: whoever starts one wakes a lane for the next.</summary>
    public bool IsRecovering { get; private set; }

    /// <summary>Whether the provider may have a job to start. May be asked without the lock, as a glance.</summary>
    /// <param name="active">How many slots are taken.</param>
    public bool MayStart(int active) => Waiting > 0 && !_isDeferred && (!IsPaused || active == 0);

    /// <summary>A job has come.</summary>
    /// <param name="run">The job.</param>
    /// <param name="active">How many slots are taken.</param>
    /// <returns>Why it cannot be taken, or null when it waits from now on.</returns>
    public string? TryAdd(JobRun run, int active)
    {
        if (ClosedBecause is not null)
        {
            return ClosedBecause;
        }

        if (active + Waiting >= ledger.Slots + queueMax)
        {
            return $"{Waiting} jobs are waiting already (Grid:Compute:QueueMax)";
        }

        if (ledger.WhyNever(run.Resources) is { } never)
        {
            return never;
        }

        run.SlotState = SlotState.Waiting;
        try
        {
            provider.OnArrived(run);
        }
        catch (Exception exception)
        {
            run.SlotState = SlotState.Done;
            run.IsWithdrawn = true;
            return Blame(exception);
        }

        Waiting++;
        Reconsider();
        return null;
    }

    /// <summary>Several jobs have come at once, for which one lane is woken: it wakes the next.</summary>
    public void OnSeveralArrived() => IsRecovering = true;

    /// <summary>The job that gets the next slot, with what it needs of the resources; null when none may start now.</summary>
    /// <param name="active">How many slots are taken.</param>
    public JobRun? Next(int active)
    {
        while (MayStart(active))
        {
            ledger.Open(active, Waiting);
            if (!TryAsk(out var decision))
            {
                continue;
            }

            if (decision.Job is null)
            {
                Defer();
            }
            else if (Accept(decision) is { } run)
            {
                return run;
            }
        }

        IsRecovering = false;
        return null;
    }

    /// <summary>A job is no longer wanted here.</summary>
    /// <returns>False when it does not wait for its first slot.</returns>
    public bool TryWithdraw(JobRun run)
    {
        if (run.SlotState != SlotState.Waiting)
        {
            return false;
        }

        run.SlotState = SlotState.Done;
        run.IsWithdrawn = true;
        Waiting--;
        Reconsider();
        try
        {
            provider.OnWithdrawn(run);
        }
        catch (Exception exception)
        {
            Blame(exception);
        }

        return true;
    }

    /// <summary>A job that <see cref="Next"/> gave out has ended.</summary>
    public void OnEnded(JobRun run)
    {
        if (run.Resources.Count > 0)
        {
            ledger.Return(run.Resources);
        }

        try
        {
            provider.OnEnded(run);
        }
        catch (Exception exception)
        {
            Blame(exception);
        }

        if (_isDeferred)
        {
            Reconsider();
        }
    }

    /// <summary>Pauses admission, or lets it go on.</summary>
    public void SetPaused(bool isPaused)
    {
        IsPaused = isPaused;
        IsRecovering |= !isPaused;
    }

    /// <summary>Some time has passed: what the provider let wait may be able to start.</summary>
    public void AskAgain()
    {
        _isReminded = false;
        Reconsider();
    }

    /// <summary>What there is to do outside the lock; null for nothing.</summary>
    public AdmissionChores? TakeChores()
    {
        var chores = _chores;
        _chores = null;
        return chores;
    }

    private bool TryAsk(out CollisionDecision decision)
    {
        try
        {
            decision = provider.Next(ledger);
            return true;
        }
        catch (Exception exception)
        {
            GiveUpOldest(exception);
            decision = default;
            return false;
        }
    }

    /// <returns>The job to start; null when the decision was another one or cannot be carried out.</returns>
    private JobRun? Accept(in CollisionDecision decision)
    {
        if (decision.Job is not JobRun { SlotState: SlotState.Waiting } run)
        {
            GiveUpOldest(new InvalidOperationException($"it decided on {decision.Job!.JobId}, which does not wait here"));
            return null;
        }

        if (decision.Refusal is { } reason)
        {
            Waiting--;
            run.SlotState = SlotState.Done;
            (_chores ??= new AdmissionChores()).AddRefused(run, reason);
            return null;
        }

        if (run.Resources.Count > 0)
        {
            if (!ledger.IsFree(run.Resources))
            {
                GiveUpOldest(new InvalidOperationException($"it activated {run.Key.Number}, which needs {run.Resources}, more than is free"));
                return null;
            }

            ledger.Take(run.Resources);
        }

        Waiting--;
        return run;
    }

    private void Defer()
    {
        _isDeferred = true;
        if (!_isReminded)
        {
            _isReminded = true;
            (_chores ??= new AdmissionChores()).AskLater = true;
        }
    }

    private void Reconsider()
    {
        IsRecovering |= _isDeferred;
        _isDeferred = false;
    }

    private void GiveUpOldest(Exception fault)
    {
        var reason = Blame(fault);
        if (findOldestWaiting() is not { } victim || !TryWithdraw(victim))
        {
            throw new InvalidOperationException($"{Waiting} jobs are counted as waiting, and none is found.");
        }

        _chores!.AddRefused(victim, reason);
    }

    private string Blame(Exception fault)
    {
        (_chores ??= new AdmissionChores()).AddFault(fault);
        return $"the collision provider {provider.GetType().Name} failed: {fault.Message}";
    }
}
