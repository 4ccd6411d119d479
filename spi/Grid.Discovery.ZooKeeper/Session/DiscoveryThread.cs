namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>
/// One thread that runs the tasks, continuations and delays of the providers of a process, in order. What is started here and awaited without leaving the
/// scheduler has one owner and never waits for the shared thread pool, whatever user code does to it; that is why the delays are its own too. Nothing that runs here blocks.
/// </summary>
internal sealed class DiscoveryThread : TaskScheduler, IDisposable
{
    private const int StackBytes = 512 * 1024;

    private static readonly Lock ProcessGate = new();

    /// <summary>Guarded by <see cref="ProcessGate"/>.</summary>
    private static DiscoveryThread? OfProcess;

    /// <summary>Guarded by <see cref="ProcessGate"/>.</summary>
    private int _users = 1;

    // Guarded by the gate. What is queued is bounded: one continuation per await under way and per caller that waits.
    private readonly object _gate = new();
    private readonly Queue<Task> _tasks = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _delays = new();
    private bool _isStarted;
    private bool _isStopped;

    private readonly TimeProvider _time;
    private readonly Thread _thread;

    public DiscoveryThread(TimeProvider time)
    {
        _time = time;
        _thread = new Thread(Run, StackBytes) { Name = "grid-zk-discovery", IsBackground = true };
    }

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>The thread for one provider more, which disposes of it once: that of the process, or one of its own when it goes by a clock of its own.</summary>
    public static DiscoveryThread Take(TimeProvider time)
    {
        if (time != TimeProvider.System)
        {
            return new DiscoveryThread(time);
        }

        lock (ProcessGate)
        {
            if (OfProcess is null)
            {
                return OfProcess = new DiscoveryThread(time);
            }

            OfProcess._users++;
            return OfProcess;
        }
    }

    /// <summary>Runs an asynchronous function here.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <inheritdoc cref="RunAsync{T}(Func{Task{T}})"/>
    public Task RunAsync(Func<Task> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Completes after a time, on a waiter of this thread without any help of another.</summary>
    public async Task DelayAsync(TimeSpan delay, CancellationToken ct)
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dueAt = _time.GetTimestamp() + (long)Math.Ceiling(Math.Max(0, delay.TotalSeconds) * _time.TimestampFrequency);
        lock (_gate)
        {
            _delays.Enqueue(completion, dueAt);
            Monitor.Pulse(_gate);
        }

        using var registration = ct.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetCanceled(), completion);
        await completion.Task.ConfigureAwait(true);
    }

    /// <summary>Its last user ends the thread when the queue is empty; what is queued afterwards runs on the thread pool.</summary>
    public void Dispose()
    {
        lock (ProcessGate)
        {
            if (--_users > 0)
            {
                return;
            }

            OfProcess = OfProcess == this ? null : OfProcess;
        }

        lock (_gate)
        {
            _isStopped = true;
            Monitor.Pulse(_gate);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            if (!_isStopped)
            {
                _tasks.Enqueue(task);
                StartNeedsLock();
                Monitor.Pulse(_gate);
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Scheduler.TryExecuteTask(state.Task), (Scheduler: this, Task: task), preferLocal: false);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Thread.CurrentThread == _thread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _tasks];
        }
    }

    /// <summary>A provider that is never started costs no thread.</summary>
    private void StartNeedsLock()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            _thread.UnsafeStart();
        }
    }

    private void Run()
    {
        while (TakeNext(out var task, out var delay))
        {
            delay?.TrySetResult();
            if (task is not null)
            {
                TryExecuteTask(task);
            }
        }
    }

    /// <summary>Waits for a task or a delay that is due, whichever comes first.</summary>
    private bool TakeNext(out Task? task, out TaskCompletionSource? delay)
    {
        task = null;
        delay = null;
        lock (_gate)
        {
            while (true)
            {
                var untilDelay = UntilNextDelayNeedsLock();
                if (untilDelay == TimeSpan.Zero)
                {
                    delay = _delays.Dequeue();
                    return true;
                }

                if (_tasks.TryDequeue(out task))
                {
                    return true;
                }

                if (_isStopped)
                {
                    return false;
                }

                Monitor.Wait(_gate, untilDelay);
            }
        }
    }

    private TimeSpan UntilNextDelayNeedsLock()
    {
        if (!_delays.TryPeek(out _, out var dueAt))
        {
            return Timeout.InfiniteTimeSpan;
        }

        var remaining = _time.GetElapsedTime(_time.GetTimestamp(), dueAt);
        return remaining <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(remaining.TotalMilliseconds), int.MaxValue));
    }
}
