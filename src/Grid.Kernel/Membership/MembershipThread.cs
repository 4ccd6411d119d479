using System.Collections.Concurrent;

namespace Grid.Kernel.Membership;

/// <summary>
/// One thread that runs the tasks and continuations queued to it, in order. What is started here and awaited without
/// leaving the scheduler has one owner and never waits for the shared thread pool, whatever user code does to it.
/// </summary>
internal sealed class MembershipThread : TaskScheduler, IDisposable
{
    // Unbounded, but what is queued is bounded: one continuation per await under way and per caller that waits.
    private readonly BlockingCollection<Task> _queue = [];
    private readonly Thread _thread;

    public MembershipThread()
    {
        _thread = new Thread(Run) { Name = "grid-membership", IsBackground = true };
        _thread.UnsafeStart();
    }

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs an asynchronous function here.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <inheritdoc cref="RunAsync{T}(Func{Task{T}})"/>
    public Task RunAsync(Func<Task> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

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
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Thread.CurrentThread == _thread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _queue.ToArray();

    private void Run()
    {
        foreach (var task in _queue.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }

        _queue.Dispose();
    }
}
