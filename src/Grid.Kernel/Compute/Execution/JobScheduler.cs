namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// Admits jobs to the node's slots, first come first served, and runs them on lanes.
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
    private readonly Queue<JobRun> _waiting = new();
    private readonly Queue<JobRun> _resuming = new();
    private readonly Queue<JobWork> _ready = new();
    private readonly LaneRoster _lanes;
    private readonly Dictionary<JobKey, JobRun> _runs = [];
    private readonly ComputeOptions _options;
    private TaskCompletionSource? _emptied;
    private int _active;
    private bool _isStopped;

    public JobScheduler(ComputeOptions options, int slots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        _options = options;
        Slots = slots;
        Spare = new SpareLanes(this);
        _lanes = new LaneRoster(this, options);
    }

    public int Slots { get; }

    /// <summary>What is left of the slots for fork/join computations.</summary>
    public SpareLanes Spare { get; }

    /// <summary>Whether a job waits for a slot; a glance without the lock.</summary>
    public bool AreJobsWaiting => _waiting.Count + _resuming.Count > 0;

    /// <summary>Whether a slot is free that no job waits for; a glance without the lock.</summary>
    public bool IsSlotFree => _active < Slots && !AreJobsWaiting;

    /// <summary>How many jobs hold a slot, and how many wait for one.</summary>
    public (int Active, int Waiting) Load
    {
        get
        {
            lock (_gate)
            {
                return (_active, _waiting.Count + _resuming.Count);
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
            if (_runs.Count == 0)
            {
                return Task.CompletedTask;
            }

            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _emptied.Task;
        }
    }

    /// <summary>Takes a job in.</summary>
    /// <returns>Why the job is refused, or null when it was taken.</returns>
    public string? TryAdmit(JobRun run)
    {
        JobLane? lane;
        lock (_gate)
        {
            if (_isStopped)
            {
                return "the node is stopping";
            }

            if (_active + _waiting.Count >= Slots + _options.QueueMax)
            {
                return $"{_waiting.Count} jobs are waiting already (Grid:Compute:QueueMax)";
            }

            if (!_runs.TryAdd(run.Key, run))
            {
                return "this attempt of the job is here already";
            }

            _waiting.Enqueue(run);
            lane = LaneForWorkNeedsLock();
        }

        lane?.Wake();
        return null;
    }

    /// <summary>Called by a lane: ends the piece of work it did and hands out the next.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="ended">The job it ran a piece of, or null.</param>
    /// <param name="work">What to do now; without a job, the lane parks until it is woken.</param>
    /// <returns>False when the lane is to end.</returns>
    public bool TakeNext(JobLane lane, JobRun? ended, out JobWork work)
    {
        JobLane[] ending = [];
        bool goesOn;
        lock (_gate)
        {
            if (ended is { EndsWithSegment: true })
            {
                ending = RemoveNeedsLock(ended);
            }

            if (ended is not null)
            {
                EndSegmentNeedsLock(ended);
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
        }

        Array.ForEach(ending, idle => idle.Wake());
        return goesOn;
    }

    /// <summary>Queues a continuation of a job.</summary>
    public void Post(JobRun run, SendOrPostCallback callback, object? state)
    {
        JobLane? lane;
        lock (_gate)
        {
            if (run.SlotState == SlotState.Lent)
            {
                run.Pending.Enqueue(new JobWork(run, callback, state));
                if (run.Pending.Count == 1)
                {
                    _resuming.Enqueue(run);
                }
            }
            else
            {
                run.QueuedContinuations++;
                _ready.Enqueue(new JobWork(run, callback, state));
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
        lock (_gate)
        {
            ending = RemoveNeedsLock(run);
            lane = LaneForWorkNeedsLock();
        }

        lane?.Wake();
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

    /// <summary>A piece of nested work ended. A job that blocked its thread on it is running again and takes its slot back, over the limit if need be.</summary>
    public void EndNested(JobRun run)
    {
        lock (_gate)
        {
            run.NestedWork--;
            if (run is { SlotState: SlotState.LentWhileBlocked, NestedWork: 0 })
            {
                run.SlotState = SlotState.Held;
                _active++;
            }
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
                if (LendIfBlockedNeedsLock(lane) is { } free)
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
            return [.. _runs.Values.Where(isWanted)];
        }
    }

    public JobRun? Find(JobKey key)
    {
        lock (_gate)
        {
            return _runs.GetValueOrDefault(key);
        }
    }

    /// <summary>Counts slots taken or given back by others than jobs, together with what else the change says.</summary>
    public void ChangeSpare(Action<SpareLanes> change, int slots)
    {
        JobLane? lane;
        lock (_gate)
        {
            change(Spare);
            _active += slots;
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
        _runs.Remove(run.Key);
        if (run.SlotState == SlotState.Held)
        {
            _active--;
        }

        run.SlotState = SlotState.Done;
        if (_runs.Count > 0)
        {
            return [];
        }

        _emptied?.TrySetResult();
        _emptied = null;
        return _isStopped ? _lanes.TakeIdle() : [];
    }

    private void EndSegmentNeedsLock(JobRun run)
    {
        run.RunningSegments--;
        var isIdle = run.RunningSegments == 0 && run.QueuedContinuations == 0;
        if (run.SlotState == SlotState.Held && isIdle && run.NestedWork > 0)
        {
            run.SlotState = SlotState.Lent;
            _active--;
        }
        else if (run.SlotState == SlotState.LentWhileBlocked)
        {
            // It woke up by itself (a timeout, a cancellation) while nested work goes on.
            run.SlotState = isIdle ? SlotState.Lent : SlotState.Held;
            _active += run.SlotState == SlotState.Held ? 1 : 0;
        }
    }

    private JobLane? LendIfBlockedNeedsLock(JobLane lane)
    {
        if (lane.Current is not { NestedWork: > 0, SlotState: SlotState.Held, IsComputation: false } run || !lane.IsBlocked || !_lanes.CanProvide)
        {
            return null;
        }

        run.SlotState = SlotState.LentWhileBlocked;
        _active--;
        return LaneForWorkNeedsLock();
    }

    private JobWork PickNeedsLock()
    {
        if (_ready.TryDequeue(out var work))
        {
            work.Run!.QueuedContinuations--;
            return work;
        }

        if (_active >= Slots)
        {
            return default;
        }

        if (_resuming.TryDequeue(out var resumed))
        {
            return ResumeNeedsLock(resumed);
        }

        if (!_waiting.TryDequeue(out var run))
        {
            var help = Spare.PickNeedsLock();
            _active += help.IsNothing ? 0 : 1;
            return help;
        }

        run.SlotState = SlotState.Held;
        _active++;
        return new JobWork(run);
    }

    private JobWork ResumeNeedsLock(JobRun run)
    {
        var first = run.Pending.Dequeue();
        if (run.SlotState == SlotState.Lent)
        {
            run.SlotState = SlotState.Held;
            _active++;
        }

        while (run.Pending.TryDequeue(out var next))
        {
            run.QueuedContinuations++;
            _ready.Enqueue(next);
        }

        return first;
    }

    /// <summary>A lane to wake for work that can run now: an idle one, or a new one; null when there is no such work or every lane is busy.</summary>
    private JobLane? LaneForWorkNeedsLock()
    {
        var canRun = _ready.Count > 0 || (_active < Slots && (AreJobsWaiting || Spare.Requests > 0));
        return canRun ? _lanes.TakeIdleOrStart(Spare.Blocked) : null;
    }
}
