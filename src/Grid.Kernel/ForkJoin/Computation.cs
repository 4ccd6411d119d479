using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Grid.Kernel.ForkJoin.Stealing;

namespace Grid.Kernel.ForkJoin;

/// <summary>
/// One fork/join computation on this node: its workers, who of them sleeps, and whether more help is wanted.
/// </summary>
/// <remarks>
/// <para>
/// A worker belongs to one computation, and so do all tasks in its deque: what is stolen here is always of this computation. Threads come and go; workers stay until the
/// computation ends.
/// </para>
/// <para>
/// Work finds idle threads without a shared queue. Who has nothing to do (a worker that waits for a stolen task, a slot without a job) is counted as wanting, and the signal's bit is raised. The
/// next fork sees it, takes it down and wakes one. Who was woken and found a task raises the bit for the next. A thread that goes to sleep raises the bit, puts a barrier
/// into every thread of the process and looks once more, so that a fork needs no barrier of its own and none is missed.
/// </para>
/// <para>
/// Only wake-ups depend on the bit, never progress: a task that nobody comes for is run by the worker that joins it.
/// </para>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The event makes a handle only when its WaitHandle is asked for, which nobody does: there is nothing to dispose.")]
internal sealed class Computation
{
    private readonly ForkJoinEngine _engine;
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly Stack<ComputationWorker> _vacant = new();
    private readonly List<ComputationWorker> _sleepers = [];
    private readonly ManualResetEventSlim _ended = new(initialState: false, spinCount: 0);

    // What came from other nodes, or came back from them. Bounded by what was asked for and what was lent.
    private readonly ConcurrentQueue<ForkJoinTask> _imported = new();
    private readonly ManualResetEventSlim _left = new(initialState: true, spinCount: 0);

    // Replaced under the gate when a worker is added; read by all thieves. A worker's number is its index.
    private volatile ComputationWorker[] _workers = [];

    // Under the gate; the count of those who want work is read outside, as a hint.
    private int _helpers;
    private int _blocked;
    private bool _isHelpRequested;
    private bool _arePeersWanting;
    private volatile int _wanting;

    public Computation(ForkJoinEngine engine, IJobContext context, int seed)
    {
        _engine = engine;
        Context = context;
        _random = new Random(seed);
        lock (_gate)
        {
            UpdateWantingNeedsLock();
            RaiseIfWantingNeedsLock();
        }
    }

    /// <summary>The job that the computation is, seen by all its tasks.</summary>
    public IJobContext Context { get; }

    public ForkJoinSignal Signal { get; } = new();

    /// <summary>The computation's other nodes; null when it stays here. Set before anything runs.</summary>
    public StealSession? Session { get; set; }

    public ForkJoinEngine Engine => _engine;

    public ComputationWorker[] Workers => _workers;

    /// <summary>Whether some task could be taken.</summary>
    public bool HasWork
    {
        get
        {
            foreach (var worker in _workers)
            {
                if (worker.Deque.Count > 0)
                {
                    return true;
                }
            }

            return !_imported.IsEmpty;
        }
    }

    /// <summary>How many tasks of one worker could be taken: of the one that has most.</summary>
    public int Queued => _workers.Select(static worker => worker.Deque.Count).DefaultIfEmpty().Max();

    // Who sleeps or is blocked has lent its slot: another lane may come for each.
    private bool IsHelpWantedNeedsLock =>
        !Signal.IsEnded && !_isHelpRequested && _helpers + 1 - _blocked - _sleepers.Count < _engine.Lanes.Slots && _helpers < ForkJoinTask.WorkersMax - 1;

    /// <summary>Runs the root on the calling thread and waits until all who helped have left.</summary>
    public void RunRoot(ForkJoinTask root)
    {
        Seat().Run(root);
        End();
        WaitUntilAllHaveLeft();
    }

    /// <summary>Lends the calling thread's slot to those who work for the computation, until it ends and all have left.</summary>
    public void ServeUntilEnded()
    {
        BeginBlocked();
        _ended.Wait();
        EndBlocked();
        WaitUntilAllHaveLeft();
    }

    private void WaitUntilAllHaveLeft()
    {
        if (!_left.IsSet)
        {
            // Somebody may be waiting for nested work, which needs a slot.
            _engine.Lanes.BeginBlocked();
            _left.Wait();
            _engine.Lanes.EndBlocked();
        }
    }

    /// <summary>Nobody wants the tasks any more: the root is done, or the caller has cancelled. Any thread; a second call does nothing.</summary>
    public void End()
    {
        Signal.Raise(ForkJoinSignal.Ended);
        _ended.Set();
        lock (_gate)
        {
            UpdateWantingNeedsLock();
            _sleepers.ForEach(sleeper => sleeper.Wake());
            _sleepers.Clear();
        }
    }

    /// <summary>Counts a helper in, if one is wanted.</summary>
    /// <returns>Whether the caller is to call <see cref="Help"/>.</returns>
    public bool TryAcceptHelp()
    {
        lock (_gate)
        {
            var isExpected = _isHelpRequested;
            _isHelpRequested = false;
            var isWanted = IsHelpWantedNeedsLock && (isExpected || HasWork);
            if (isWanted)
            {
                _helpers++;
                _left.Reset();
            }

            UpdateWantingNeedsLock();
            return isWanted;
        }
    }

    /// <summary>Works as a helper that was counted in, until there is nothing to do.</summary>
    public void Help()
    {
        _engine.Metrics.CountVisit();
        var worker = Seat();
        worker.RunHelper();
        lock (_gate)
        {
            _vacant.Push(worker);
            _helpers--;
            UpdateWantingNeedsLock();
            RaiseIfWantingNeedsLock();
            if (_helpers == 0)
            {
                _left.Set();
            }
        }

        // A fork after this barrier sees the bit. One before it has its task in view of the next look, which the engine takes.
        Interlocked.MemoryBarrierProcessWide();
        Session?.OnIdle();
    }

    /// <summary>Wakes one who wants work: a worker that waits for a result, if there is a slot for it, or a lane, as soon as there is one.</summary>
    public void OfferWork()
    {
        ComputationWorker? woken;
        bool isRequested;
        bool isForPeers;
        lock (_gate)
        {
            Signal.TryLower(ForkJoinSignal.WorkWanted);
            var last = _engine.Lanes.IsSlotFree ? _sleepers.FindLastIndex(static sleeper => sleeper.MayHelp) : -1;
            woken = last < 0 ? null : _sleepers[last];
            isRequested = woken is null && IsHelpWantedNeedsLock;
            if (woken is not null)
            {
                _sleepers.RemoveAt(last);
            }

            isForPeers = woken is null && !isRequested && _arePeersWanting;
            _isHelpRequested |= isRequested;
            UpdateWantingNeedsLock();
        }

        woken?.Wake();
        if (isRequested)
        {
            _engine.Lanes.RequestHelp();
        }

        if (isForPeers)
        {
            Session?.OnWork();
        }
    }

    /// <summary>A task has come from another node, or back from one: somebody here is to run it. Any thread.</summary>
    public void Import(ForkJoinTask task)
    {
        _imported.Enqueue(task);
        OfferWork();
    }

    /// <summary>Takes a task that was imported.</summary>
    public ForkJoinTask? TakeImported()
    {
        if (!_imported.TryDequeue(out var task))
        {
            return null;
        }

        if (_wanting != 0 && !_imported.IsEmpty)
        {
            OfferWork();
        }

        return task;
    }

    /// <summary>Takes the oldest task of the worker that has most, for another node. Any thread.</summary>
    public ForkJoinTask? TakeOldest()
    {
        while (_workers.MaxBy(static worker => worker.Deque.Count) is { Deque.Count: > 0 } victim)
        {
            if (victim.Deque.TrySteal() is { } task)
            {
                return task;
            }
        }

        return null;
    }

    /// <summary>Says whether other nodes wait for work.</summary>
    public void SetPeersWanting(bool areWanting)
    {
        lock (_gate)
        {
            _arePeersWanting = areWanting;
            UpdateWantingNeedsLock();
            if (areWanting)
            {
                RaiseIfWantingNeedsLock();
            }
        }

        if (!areWanting)
        {
            return;
        }

        // As when a worker goes to sleep: a fork sees the bit, or its task is seen here.
        Interlocked.MemoryBarrierProcessWide();
        if (Queued > 0)
        {
            OfferWork();
        }
    }

    /// <summary>The outcome is there that a worker waits for.</summary>
    /// <param name="worker">Its number; -1 when none does.</param>
    public void WakeWaiting(int worker)
    {
        if (worker >= 0)
        {
            _workers[worker].Wake();
        }
    }

    /// <summary>Somebody has found a task: the next who wants one may be woken.</summary>
    /// <param name="victim">Where it was found.</param>
    public void OnFound(ComputationWorker victim)
    {
        if (_wanting == 0 || (Signal.Bits & ForkJoinSignal.WorkWanted) != 0)
        {
            return;
        }

        if (victim.Deque.Count > 0)
        {
            OfferWork();
        }
        else
        {
            Signal.Raise(ForkJoinSignal.WorkWanted);
        }
    }

    /// <summary>A worker is about to sleep.</summary>
    /// <returns>False when the computation has ended.</returns>
    public bool TryAddSleeper(ComputationWorker worker)
    {
        lock (_gate)
        {
            if (Signal.IsEnded)
            {
                return false;
            }

            _sleepers.Add(worker);
            UpdateWantingNeedsLock();
            RaiseIfWantingNeedsLock();
            return true;
        }
    }

    /// <summary>A worker is awake. When it was woken for work that it does not want, another one may.</summary>
    public void RemoveSleeper(ComputationWorker worker, bool isDone)
    {
        lock (_gate)
        {
            var wasWokenForWork = !_sleepers.Remove(worker);
            UpdateWantingNeedsLock();
            if (wasWokenForWork && isDone)
            {
                RaiseIfWantingNeedsLock();
            }
        }
    }

    /// <summary>A worker blocks on something outside; another thread may help in its place.</summary>
    public void BeginBlocked()
    {
        _engine.Lanes.BeginBlocked();
        lock (_gate)
        {
            _blocked++;
            UpdateWantingNeedsLock();
            RaiseIfWantingNeedsLock();
        }

        if (HasWork)
        {
            // Nobody may fork meanwhile: ask for the help now.
            OfferWork();
        }
    }

    /// <summary>The worker goes on.</summary>
    public void EndBlocked()
    {
        lock (_gate)
        {
            _blocked--;
            UpdateWantingNeedsLock();
        }

        _engine.Lanes.EndBlocked();
    }

    private ComputationWorker Seat()
    {
        lock (_gate)
        {
            if (_vacant.TryPop(out var vacant))
            {
                return vacant;
            }

            var added = new ComputationWorker(this, _workers.Length, (uint)_random.Next(1, int.MaxValue));
            _workers = [.. _workers, added];
            return added;
        }
    }

    private void UpdateWantingNeedsLock() =>
        _wanting = _sleepers.Count(static sleeper => sleeper.MayHelp) + (IsHelpWantedNeedsLock ? 1 : 0) + (_arePeersWanting ? 1 : 0);

    private void RaiseIfWantingNeedsLock()
    {
        if (_wanting > 0)
        {
            Signal.Raise(ForkJoinSignal.WorkWanted);
        }
    }
}
