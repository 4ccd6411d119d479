using System.Diagnostics.CodeAnalysis;

namespace Grid.Kernel.ForkJoin;

/// <summary>
/// A worker of a computation: the thread that has its seat runs, steals and waits through it.
/// </summary>
/// <remarks>
/// A worker that joins a stolen task helps the thief first: it takes the oldest task of the thief's deque, which the stolen task has forked, so it stays within the work that it waits
/// for (leapfrogging: D. B. Wagner, B. G. Calder, PPoPP 1993). Then it follows whom the thief itself waits for, then it takes any task.
/// A task taken on top of a wait delays its end at most by that task's time, and cannot wait for what is below it, because tasks wait only for tasks that they forked.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The event makes a handle only when its WaitHandle is asked for, which nobody does: there is nothing to dispose.")]
internal sealed class ComputationWorker : ForkJoinWorker
{
    private const int ChainMax = 8;

    private readonly Computation _computation;
    private readonly ManualResetEventSlim _wake = new(false, spinCount: 0);

    // The owner's alone.
    private uint _random;
    private long _stackBytes;
    private long _steals;
    private long _sleeps;

    // Written by the owner; read by whoever measures.
    private int _helpDepth;

    // Written by the owner: the task that it waits for, so that others can follow the chain of waits.
    private volatile ForkJoinTask? _awaited;

    // Written by the owner before it is listed as a sleeper, read under the computation's lock.
    private bool _mayHelp;

    public ComputationWorker(Computation computation, int number, uint seed)
        : base(computation.Signal, number)
    {
        _computation = computation;
        _random = seed;
    }

    /// <summary>Whether the worker, asleep, can be woken to run another task.</summary>
    public bool MayHelp => _mayHelp;

    /// <summary>How many tasks it has begun on top of others that wait.</summary>
    public int HelpDepth => Volatile.Read(ref _helpDepth);

    /// <summary>Ends the worker's sleep, or its next one before it begins. Any thread.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Runs the root of the computation.</summary>
    public void Run(ForkJoinTask root) => Occupy(root, static (worker, root) => root.RunKept(worker));

    /// <summary>Takes tasks of others until there are none, or a job waits for the thread's slot.</summary>
    public void RunHelper()
    {
        JobContext.Enter(_computation.Context);
        try
        {
            Occupy(this, static (worker, _) => worker.TakeTasks());
        }
        finally
        {
            JobContext.Enter(null);
        }
    }

    /// <inheritdoc/>
    public override void AwaitDone(ForkJoinTask task)
    {
        var before = _awaited;
        _awaited = task;
        try
        {
            HelpUntilDone(task);
        }
        finally
        {
            _awaited = before;
        }
    }

    /// <inheritdoc/>
    public override void Block(Task task)
    {
        ThrowIfEnded();
        _computation.BeginBlocked();
        try
        {
            // The handle is set by the thread that completes the task, whatever the shared pool is doing.
            WaitHandle.WaitAny([((IAsyncResult)task).AsyncWaitHandle, _computation.Context.CancellationToken.WaitHandle]);
        }
        finally
        {
            _computation.EndBlocked();
        }

        if (!task.IsCompleted)
        {
            throw Ended();
        }
    }

    /// <inheritdoc/>
    public override void ThrowIfEnded()
    {
        if (_computation.Signal.IsEnded)
        {
            throw Ended();
        }
    }

    /// <inheritdoc/>
    protected override void OfferWork() => _computation.OfferWork();

    private OperationCanceledException Ended() =>
        new("The fork/join computation was cancelled, or its root has ended without this task.", _computation.Context.CancellationToken);

    private void HelpUntilDone(ForkJoinTask task)
    {
        for (var looks = 0; !task.IsDone; looks++)
        {
            ThrowIfEnded();
            if (Deque.TryPop(out var own))
            {
                // Forked after the task that is joined, which comes next or was stolen before this one.
                own.RunKept(this);
            }
            else if (TryHelp(task))
            {
                looks = 0;
            }
            else if (looks < _computation.Engine.Options.LooksMax)
            {
                Thread.Yield();
            }
            else
            {
                Sleep(task);
            }
        }
    }

    private void Occupy<TState>(TState state, Action<ComputationWorker, TState> run)
    {
        var before = Current;
        _stackBytes = _computation.Engine.Lanes.StackBytes;
        SetStack((int)_stackBytes);
        Current = this;
        try
        {
            run(this, state);
        }
        finally
        {
            Current = before;
            _computation.Engine.Metrics.Add(_steals, _sleeps);
            _steals = _sleeps = 0;
        }
    }

    private void TakeTasks()
    {
        var lanes = _computation.Engine.Lanes;
        for (var looks = 0; looks <= _computation.Engine.Options.LooksMax && !_computation.Signal.IsEnded && !lanes.AreJobsWaiting; looks++)
        {
            if (StealAny() is { } stolen)
            {
                RunStolen(stolen);
                looks = -1;
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    private void RunStolen(ForkJoinTask stolen)
    {
        _steals++;
        _computation.WakeWaiting(stolen.RunStolen(this));

        // What it forked and did not join: somebody may count on its effect. Once the computation has ended, each is refused at once.
        while (_helpDepth == 0 && Deque.TryPop(out var left))
        {
            left.RunKept(this);
        }
    }

    private bool TryHelp(ForkJoinTask task)
    {
        if (!HasRoomToHelp() || (Leapfrog(task) ?? StealAny()) is not { } stolen)
        {
            return false;
        }

        _helpDepth++;
        try
        {
            RunStolen(stolen);
        }
        finally
        {
            _helpDepth--;
        }

        return true;
    }

    private bool HasRoomToHelp() => _helpDepth < _computation.Engine.Options.HelpDepthMax && StackBytesLeft > _stackBytes / 2;

    /// <summary>A task of the one who stole ours, or of the one that he waits for, and so on.</summary>
    private ForkJoinTask? Leapfrog(ForkJoinTask task)
    {
        var awaited = task;
        for (var step = 0; step < ChainMax && awaited is not null; step++)
        {
            var thief = awaited.Thief;
            if (thief < 0 || thief == Number)
            {
                return null;
            }

            var victim = _computation.Workers[thief];
            if (TrySteal(victim) is { } stolen)
            {
                return stolen;
            }

            awaited = victim._awaited;
        }

        return null;
    }

    private ForkJoinTask? StealAny()
    {
        var workers = _computation.Workers;
        var first = (int)(NextRandom() % (uint)workers.Length);
        for (var i = 0; i < workers.Length; i++)
        {
            var at = first + i;
            var victim = workers[at < workers.Length ? at : at - workers.Length];
            if (victim != this && TrySteal(victim) is { } stolen)
            {
                return stolen;
            }
        }

        return _computation.TakeImported();
    }

    private ForkJoinTask? TrySteal(ComputationWorker victim)
    {
        while (victim.Deque.Count > 0)
        {
            if (victim.Deque.TrySteal() is { } stolen)
            {
                _computation.OnFound(victim);
                return stolen;
            }
        }

        return null;
    }

    private void Sleep(ForkJoinTask task)
    {
        _wake.Reset();
        _mayHelp = HasRoomToHelp();
        if (!task.TryMarkWaited() || !_computation.TryAddSleeper(this))
        {
            return;
        }

        // A fork that does not see the bit, which the line above has raised, came before this barrier, and its task is in view after it.
        Interlocked.MemoryBarrierProcessWide();
        var isWorkThere = _computation.HasWork;
        if (isWorkThere && !_mayHelp)
        {
            // It may have come from another node, and be what the task waits for: somebody else must run it.
            _computation.OfferWork();
        }

        if (!isWorkThere || !_mayHelp)
        {
            // The thief may be waiting for nested work, which needs a slot.
            _sleeps++;
            _computation.Session?.OnIdle();
            _computation.Engine.Lanes.BeginBlocked();
            _wake.Wait();
            _computation.Engine.Lanes.EndBlocked();
        }

        _computation.RemoveSleeper(this, task.IsDone);
    }

    // G. Marsaglia: Xorshift RNGs, 2003. Which victim comes first needs no better one.
    private uint NextRandom()
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        return _random ^= _random << 5;
    }
}
