using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Grid.Kernel.Membership;

/// <summary>
/// One thread that runs the tasks and continuations queued to it, in order. What is started here and awaited without
/// leaving the scheduler has one owner and never waits for the shared thread pool, whatever user code does to it. The thread starts with its first task.
/// </summary>
internal sealed class SerialThread : TaskScheduler, IDisposable
{
    // Unbounded, but what is queued is bounded: one continuation per await under way and per caller that waits.
    private readonly BlockingCollection<Task> _queue = [];
    private readonly Thread _thread;

    // 0 until somebody has started the thread.
    private int _isStarted;

    public SerialThread(string name) => _thread = new Thread(Run) { Name = name, IsBackground = true };

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs an asynchronous function here.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <inheritdoc cref="RunAsync{T}(Func{Task{T}})"/>
    public Task RunAsync(Func<Task> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Runs a function here.</summary>
    public Task RunAsync(Action function) => Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    /// <summary>Ends the thread when the queue is empty; what is queued afterwards runs on the thread pool.</summary>
    public void Dispose() => _queue.CompleteAdding();

    protected override void QueueTask(Task task)
    {
        try
        {
            _queue.Add(task);
        }
        catch (InvalidOperationException)
        {
            // Stopped: an operation of the provider that was given up completes late.
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Scheduler.TryExecuteTask(state.Task), (Scheduler: this, Task: task), preferLocal: false);
            return;
        }

        if (Volatile.Read(ref _isStarted) == 0 && Interlocked.Exchange(ref _isStarted, 1) == 0)
        {
            _thread.UnsafeStart();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Thread.CurrentThread == _thread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _queue.ToArray();

    private void Run()
    {
        while (RunNext())
        {
        }

        _queue.Dispose();
    }

    // A frame of its own: a thread that waits must not keep what its last task referred to, such as a load context.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool RunNext()
    {
        if (!_queue.TryTake(out var task, Timeout.Infinite))
        {
            return false;
        }

        TryExecuteTask(task);
        return true;
    }
}
