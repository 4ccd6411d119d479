using Grid.Spi;

namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// Admits jobs to the node's slots, in the order that the collision provider wants, and runs them on lanes.
/// </summary>
/// <remarks>
/// A job takes a slot when it starts and gives it back when it ends. A job that returned to its lane while it waits for
/// nested grid work lends its slot and must get one again before its next continuation runs; such a job goes before
/// new ones, because it already holds what it has computed. A job that blocks its thread on nested work is noticed by
/// <see cref="LendSlotsOfBlockedJobs"/>; it too lends its slot, and a lane is added for the others. So any depth of nesting runs on one slot.
/// </remarks>
internal sealed class JobScheduler
{
    private readonly Lock _gate = new();
    private readonly Admission _admission;
    private readonly SlotBook _slots;
    private readonly Queue<JobWork> _ready = new();
    private readonly LaneRoster _lanes;
    private readonly PresentJobs _runs = new();
    private readonly Action<AdmissionChores> _settle;
    private bool _isStopped;

    // What admission leaves to do is done by "settle", outside the lock.
    public JobScheduler(ComputeOptions options, ResourceLedger room, ICollisionSpi collision, Action<AdmissionChores> settle)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(room.Slots, 1);
        _settle = settle;
        _slots = new SlotBook(room.Slots);
        _admission = new Admission(collision, room, options.QueueMax, _runs.FindOldestWaiting);
        Spare = new SpareLanes(this);
        _lanes = new LaneRoster(this, options);
    }

    public int Slots => _slots.Slots;

    /// <summary>What is left of the slots for fork/join computations.</summary>
    public SpareLanes Spare { get; }

    /// <summary>Whether a job waits that could use a slot; a glance without the lock.</summary>
    public bool AreJobsWaiting => _slots.Resuming > 0 || _admission.MayStart(_slots.Taken);

    /// <summary>Whether a slot is free that no job could use; a glance without the lock.</summary>
    public bool IsSlotFree => _slots.Taken < Slots && !AreJobsWaiting;

    /// <summary>Whether nothing new is started because memory is short.</summary>
    public bool IsPaused => _admission.IsPaused;

    /// <summary>How many jobs hold a slot, and how many wait for one.</summary>
    public (int Active, int Waiting) Load
    {
        get
        {
            lock (_gate)
            {
                return (_slots.Taken, _admission.Waiting + _slots.Resuming);
            }
        }
    }

    /// <summary>How many lanes are busy and how many jobs are here at all; read without the lock, so either may be off by one for a moment.</summary>
    public (int BusyLanes, int Jobs) Glance => (_lanes.Busy, _runs.Count);

    /// <summary>How many lanes' threads wait for something while their jobs hold slots.</summary>
    public int BlockedLanes
    {
        get
        {
            lock (_gate)
            {
                return _lanes.CountBlocked();
            }
        }
    }

    /// <summary>Completes at a moment when no job is here at all.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            return _runs.WhenEmptyAsync();
        }
    }

    /// <summary>Takes jobs in, or notes with each why it is refused: all, when there is a reason already.</summary>
    public void Admit(ReadOnlySpan<JobRun> runs, string? closedBecause)
    {
        JobLane? lane;
        AdmissionChores? chores;
        lock (_gate)
        {
            foreach (var run in runs)
            {
                run.Refusal = closedBecause ?? AddNeedsLock(run);
            }

            if (runs.Length > 1)
            {
                _admission.OnSeveralArrived();
            }

            lane = LaneForWorkNeedsLock();
            chores = _admission.TakeChores();
        }

        Settle(lane, chores);
    }

    /// <summary>Takes back a job that waits for its first slot.</summary>
    /// <returns>False when it does not; otherwise whoever asked ends it, and then calls <see cref="Complete"/>.</returns>
    public bool TryWithdraw(JobRun run)
    {
        var isWithdrawn = false;
        Change(admission => isWithdrawn = admission.TryWithdraw(run));
        return isWithdrawn;
    }

    /// <summary>Refuses new jobs from now on, or takes them again.</summary>
    /// <param name="reason">Why they are refused; null to take them.</param>
    public void Close(string? reason) => Change(admission => admission.ClosedBecause = reason);

    /// <summary>Starts nothing new while memory is short, or goes on.</summary>
    public void SetPaused(bool isPaused) => Change(admission => admission.SetPaused(isPaused));

    /// <summary>Some time has passed since the collision provider let all jobs wait.</summary>
    public void AskAgain() => Change(static admission => admission.AskAgain());

    /// <summary>Called by a lane: ends the piece of work it did and hands out the next.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="ended">The job it ran a piece of, or null.</param>
    /// <param name="work">What to do now; without a job, the lane parks until it is woken.</param>
    /// <returns>False when the lane is to end.</returns>
    public bool TakeNext(JobLane lane, JobRun? ended, out JobWork work)
    {
        JobLane[] ending = [];
        JobLane? next = null;
        AdmissionChores? chores;
        bool goesOn;
        lock (_gate)
        {
            if (ended is { EndsWithSegment: true })
            {
                ending = RemoveNeedsLock(ended);
            }

            if (ended is not null)
            {
                _slots.EndSegment(ended);
            }

            work = PickNeedsLock();
            goesOn = !work.IsNothing || !_isStopped || _runs.Count > 0;
            if (work.Run is { } run)
            {
                run.RunningSegments++;
            }

            if (work.IsNothing && goesOn)
            {
                _lanes.Rest(lane);
            }
            else if (_admission.IsRecovering)
            {
                next = LaneForWorkNeedsLock();
            }

            chores = _admission.TakeChores();
        }

        Array.ForEach(ending, idle => idle.Wake());
        Settle(next, chores);
        return goesOn;
    }

    /// <summary>Queues a continuation of a job.</summary>
    public void Post(JobRun run, SendOrPostCallback callback, object? state)
    {
        JobLane? lane;
        lock (_gate)
        {
            var work = new JobWork(run, callback, state);
            if (!_slots.TryPostpone(run, work))
            {
                run.QueuedContinuations++;
                _ready.Enqueue(work);
            }

            lane = LaneForWorkNeedsLock();
        }

        lane?.Wake();
    }

    /// <summary>The job has its outcome: its slot is free from now on.</summary>
    public void Complete(JobRun run)
    {
        if (JobLane.IsOfThisThread(run))
        {
            // The lane comes back for its next piece of work in a moment: one lock for both.
            run.EndsWithSegment = true;
            return;
        }

        JobLane? lane;
        JobLane[] ending;
        AdmissionChores? chores;
        lock (_gate)
        {
            ending = RemoveNeedsLock(run);
            lane = LaneForWorkNeedsLock();
            chores = _admission.TakeChores();
        }

        Settle(lane, chores);
        Array.ForEach(ending, idle => idle.Wake());
    }

    /// <summary>The job began a piece of nested work.</summary>
    public void BeginNested(JobRun run)
    {
        lock (_gate)
        {
            run.NestedWork++;
        }
    }

    /// <inheritdoc cref="SlotBook.EndNested"/>
    public void EndNested(JobRun run)
    {
        lock (_gate)
        {
            _slots.EndNested(run);
        }
    }

    /// <summary>
    /// Takes the slots of jobs that block their thread while nested work is under way. Called a few hundred times a second
    /// while there is such work; a thread found waiting for something else (a lock, say) lends its slot for a moment, which does no harm.
    /// </summary>
    /// <returns>Whether any job has nested work under way, so that looking again makes sense.</returns>
    public bool LendSlotsOfBlockedJobs()
    {
        List<JobLane> toWake = [];
        var isNested = false;
        lock (_gate)
        {
            foreach (var lane in _lanes.ToArray())
            {
                isNested |= lane.Current is { NestedWork: > 0 };
                if (_lanes.CanProvide && _slots.TryLendWhileBlocked(lane) && LaneForWorkNeedsLock() is { } free)
                {
                    toWake.Add(free);
                }
            }
        }

        toWake.ForEach(lane => lane.Wake());
        return isNested;
    }

    /// <summary>The jobs that a condition picks out, waiting or running.</summary>
    public IReadOnlyList<JobRun> Find(Func<JobRun, bool> isWanted)
    {
        lock (_gate)
        {
            return _runs.FindAll(isWanted);
        }
    }

    public JobRun? Find(JobKey key)
    {
        lock (_gate)
        {
            return _runs.Find(key);
        }
    }

    /// <summary>Counts slots taken or given back by others than jobs, together with what else the change says.</summary>
    public void ChangeSpare(Action<SpareLanes> change, int slots)
    {
        JobLane? lane;
        lock (_gate)
        {
            change(Spare);
            _slots.Count(slots);
            lane = LaneForWorkNeedsLock();
        }

        lane?.Wake();
    }

    /// <summary>Refuses new jobs from now on; the lanes end with the last job.</summary>
    public void Stop()
    {
        JobLane[] idle;
        lock (_gate)
        {
            _isStopped = true;
            idle = _lanes.TakeIdle();
        }

        Array.ForEach(idle, lane => lane.Wake());
    }

    /// <returns>The lanes to wake so that they end.</returns>
    private JobLane[] RemoveNeedsLock(JobRun run)
    {
        _runs.Remove(run);
        if (run.SlotState is SlotState.Held or SlotState.Lent or SlotState.LentWhileBlocked)
        {
            _slots.Release(run);
            _admission.OnEnded(run);
        }

        return _isStopped && _runs.Count == 0 ? _lanes.TakeIdle() : [];
    }

    private string? AddNeedsLock(JobRun run)
    {
        if (_isStopped)
        {
            return "the node is stopping";
        }

        if (!_runs.TryAdd(run))
        {
            return "this attempt of the job is here already";
        }

        var refusal = _admission.TryAdd(run, _slots.Taken);
        if (refusal is not null)
        {
            _runs.Remove(run);
        }

        return refusal;
    }

    private void Change(Action<Admission> change)
    {
        JobLane? lane;
        AdmissionChores? chores;
        lock (_gate)
        {
            change(_admission);
            lane = LaneForWorkNeedsLock();
            chores = _admission.TakeChores();
        }

        Settle(lane, chores);
    }

    private void Settle(JobLane? lane, AdmissionChores? chores)
    {
        lane?.Wake();
        if (chores is not null)
        {
            _settle(chores);
        }
    }

    private JobWork PickNeedsLock()
    {
        if (_ready.TryDequeue(out var work))
        {
            work.Run!.QueuedContinuations--;
            return work;
        }

        if (_slots.Taken >= Slots)
        {
            return default;
        }

        if (_slots.TryResume(_ready, out work))
        {
            return work;
        }

        if (_admission.Next(_slots.Taken) is { } run)
        {
            _slots.Take(run);
            return new JobWork(run);
        }

        var help = Spare.PickNeedsLock();
        _slots.Count(help.IsNothing ? 0 : 1);
        return help;
    }

    /// <summary>A lane to wake for work that can run now: an idle one, or a new one; null when there is no such work or every lane is busy.</summary>
    private JobLane? LaneForWorkNeedsLock()
    {
        var canRun = _ready.Count > 0 || (_slots.Taken < Slots && (AreJobsWaiting || Spare.Requests > 0));
        return canRun ? _lanes.TakeIdleOrStart(Spare.Blocked) : null;
    }
}
