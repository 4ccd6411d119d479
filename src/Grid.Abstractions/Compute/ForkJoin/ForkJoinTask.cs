using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Grid;

/// <summary>What fork/join tasks of all result types have in common; derive from <see cref="ForkJoinTask{TResult}"/>.</summary>
public abstract class ForkJoinTask
{
    /// <summary>How many workers a computation may have on one node: their numbers fit into a task's state.</summary>
    internal const int WorkersMax = 1 << NumberBits;

    // The state of a task: 0 as it is made, then these, with the numbers of the worker that forked it and of the one that stole it.
    private protected const int Forked = 1;
    private protected const int Stolen = 2;
    private protected const int Waited = 4;
    private protected const int Done = 8;
    private protected const int Failed = 16;
    private protected const int ForkerShift = 5;
    private protected const int ThiefShift = ForkerShift + NumberBits;
    private protected const int NumberMask = WorkersMax - 1;
    private const int NumberBits = 13;

    // Beside the tasks, which should be small: failures are few.
    private static readonly ConditionalWeakTable<ForkJoinTask, Exception> Failures = [];

    private protected ForkJoinTask()
    {
    }

    /// <summary>
    /// Waits in a fork/join task for work that is none: nested work of <see cref="IJobContext.Grid"/>, or input and output. It blocks the thread; when the caller is a fork/join task,
    /// its slot goes to another thread meanwhile, which takes over the tasks that this one has forked.
    /// </summary>
    /// <remarks>
    /// Computation itself needs no wait: fork it and join it. What is awaited must be able to end without this thread: continuations of
    /// <c>await</c> in a fork/join task run on the shared pool.
    /// </remarks>
    /// <param name="work">What to wait for; its exception is thrown with its own stack.</param>
    /// <returns>What it returned.</returns>
    /// <exception cref="InvalidOperationException">The caller is not a running fork/join task, and the work has not ended.</exception>
    /// <exception cref="OperationCanceledException">The computation is cancelled.</exception>
    public static TValue WaitFor<TValue>(Task<TValue> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Block(work);
        return work.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="WaitFor{TValue}(Task{TValue})"/>
    public static void WaitFor(Task work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Block(work);
        work.GetAwaiter().GetResult();
    }

    /// <summary>The state of a task that worker <paramref name="number"/> has forked.</summary>
    internal static int ForkedBy(int number) => Forked | (number << ForkerShift);

    /// <summary>Whether the task has an outcome.</summary>
    internal abstract bool IsDone { get; }

    /// <summary>The worker that stole the task, or -1 when nobody has.</summary>
    internal abstract int Thief { get; }

    /// <summary>Runs the task on the worker that forked it, or as the root; the outcome stays with the task.</summary>
    internal abstract void RunKept(ForkJoinWorker worker);

    /// <summary>Runs the task on a worker that stole it; the outcome stays with the task.</summary>
    /// <returns>The number of the worker that waits for it, or -1.</returns>
    internal abstract int RunStolen(ForkJoinWorker thief);

    /// <summary>Notes that the worker that forked the task is about to sleep until it is done.</summary>
    /// <returns>False when it is done already.</returns>
    internal abstract bool TryMarkWaited();

    /// <summary>Hands the outcome of a task that has ended over, for a node that waits for it.</summary>
    internal abstract void WriteOutcome(IForkJoinOutcomeWriter writer);

    /// <summary>Takes the outcome that another node has found. What the reader throws leaves the task as it was.</summary>
    /// <returns>The number of the worker that waits for it, or -1.</returns>
    internal abstract int TakeOutcome(IForkJoinOutcomeReader reader);

    /// <summary>Keeps the exception of a failed task for those that join it. Its stack is captured when they throw it: here, at each of many levels, that would cost the square of the depth.</summary>
    private protected void Keep(Exception exception) => Failures.AddOrUpdate(this, exception);

    private protected Exception Kept() => Failures.TryGetValue(this, out var failure)
        ? failure
        : throw new InvalidOperationException($"{GetType().Name} has failed, and its exception is not kept.");

    private protected void ThrowKept()
    {
        if (Failures.TryGetValue(this, out var failure))
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected void ThrowNotForkable(int state, string operation) => throw new InvalidOperationException(
        state == 0
            ? $"{GetType().Name}.{operation} was called outside a fork/join computation. Start the computation with IGrid.InvokeAsync, and fork inside Compute."
            : $"{GetType().Name}.{operation} was called on a task that was forked or invoked before. A task object runs once; make a new one for each run.");

    private static void Block(Task work)
    {
        if (work.IsCompleted)
        {
            return;
        }

        if (ForkJoinWorker.Current is not { } worker)
        {
            throw new InvalidOperationException("ForkJoinTask.WaitFor was called outside a fork/join computation. Await the task instead.");
        }

        worker.Block(work);
    }
}
