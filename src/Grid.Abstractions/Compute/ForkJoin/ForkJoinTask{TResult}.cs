using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Grid;

/// <summary>
/// A piece of recursive work: its <see cref="Compute"/> splits itself into smaller tasks, forks some, and joins their results. Started with
/// <see cref="INodeGroup.InvokeAsync"/>; its pieces run on the workers of the nodes, each on whichever is idle.
/// </summary>
/// <remarks>
/// <para>
/// Forking costs some nanoseconds: a task that nobody else takes is run by the thread that forked it, when it joins. Fork the smaller pieces first, invoke the last, and
/// join in reverse order. A task is joined by the <see cref="Compute"/> that forked it; a task that nobody has joined when the root is done may never run.
/// </para>
/// <para>
/// A task takes its input from its own fields and gives its output as its result. It must not share what it changes with other tasks: a task that is
/// taken to another node works on a copy. When a piece fails, its exception comes out of <see cref="Join"/>, with its own stack; what was forked beside it and is
/// not joined is no longer wanted. Once the computation is cancelled, <see cref="Fork"/>, <see cref="Invoke"/> and <see cref="Join"/> throw
/// <see cref="OperationCanceledException"/>.
/// </para>
/// <para>
/// <see cref="Compute"/> awaits nothing. Where it must wait for something other than a task, it uses <see cref="ForkJoinTask.WaitFor{TValue}"/>. Recursion of any depth costs
/// stack, which has an end (16 MiB): past it, <see cref="InsufficientExecutionStackException"/> is thrown.
/// </para>
/// </remarks>
/// <typeparam name="TResult">What the task computes.</typeparam>
public abstract class ForkJoinTask<TResult> : ForkJoinTask
{
    // Fields of a running task, not of the work: they stay here when the task travels. All in this class, so that a small task takes 32 bytes.
    [NonSerialized]
    private TResult _result = default!;

    // Written by the worker that has the task; by others with interlocked operations, once it was stolen.
    [NonSerialized]
    private int _state;

    /// <inheritdoc/>
    internal sealed override bool IsDone => (Volatile.Read(ref _state) & Done) != 0;

    /// <inheritdoc/>
    internal sealed override int Thief => Volatile.Read(ref _state) is var state && (state & (Stolen | Done)) == Stolen ? (state >> ThiefShift) & NumberMask : -1;

    /// <summary>Offers the task to all workers. It runs when one of them takes it, or when it is joined.</summary>
    /// <exception cref="InvalidOperationException">The caller is not a running fork/join task, or this task was forked or invoked before.</exception>
    /// <exception cref="OperationCanceledException">The computation is cancelled.</exception>
    public void Fork()
    {
        var worker = ForkJoinWorker.Current;
        if (worker is null || _state != 0)
        {
            ThrowNotForkable(_state, nameof(Fork));
        }

        _state = worker!.ForkedState;
        worker.Push(this);
    }

    /// <summary>
    /// The result of a forked task: runs it now if nobody has taken it; helps with other tasks while somebody has.
    /// </summary>
    /// <returns>What <see cref="Compute"/> returned; its exception is thrown here.</returns>
    /// <exception cref="InvalidOperationException">The task was not forked by the caller.</exception>
    public TResult Join()
    {
        var worker = ForkJoinWorker.Current;
        return worker is not null && worker.Deque.TryPop(this) ? RunHere(worker) : JoinTaken(worker);
    }

    /// <summary>Runs the task now, on this thread.</summary>
    /// <returns>What <see cref="Compute"/> returned; its exception is thrown here.</returns>
    /// <exception cref="InvalidOperationException">The caller is not a running fork/join task, or this task was forked or invoked before.</exception>
    public TResult Invoke()
    {
        var worker = ForkJoinWorker.Current;
        if (worker is null || _state != 0)
        {
            ThrowNotForkable(_state, nameof(Invoke));
        }

        return RunHere(worker!);
    }

    /// <summary>Runs tasks side by side and returns when all have ended; then <see cref="Join"/> has their results at once.</summary>
    /// <param name="tasks">The tasks, none of them forked or invoked before. If several fail, the exception of the first of them is thrown.</param>
    [SuppressMessage("Design", "CA1000", Justification = "It is called from subclasses, by its bare name.")]
    public static void InvokeAll(params ReadOnlySpan<ForkJoinTask<TResult>> tasks)
    {
        foreach (var task in tasks)
        {
            ArgumentNullException.ThrowIfNull(task, nameof(tasks));
        }

        if (tasks.IsEmpty)
        {
            return;
        }

        for (var i = tasks.Length - 1; i > 0; i--)
        {
            tasks[i].Fork();
        }

        tasks[0].InvokeKept();
        for (var i = 1; i < tasks.Length; i++)
        {
            tasks[i].JoinKept();
        }

        foreach (var task in tasks)
        {
            task.ThrowIfFailed();
        }
    }

    /// <summary>The work. Runs once, on a thread of a node; it may fork and join, and awaits nothing.</summary>
    protected abstract TResult Compute();

    /// <inheritdoc/>
    internal sealed override void RunKept(ForkJoinWorker worker)
    {
        try
        {
            RunHere(worker);
        }
        catch (Exception exception)
        {
            // It is the joiner's to throw. RunHere has kept it, unless it came from elsewhere.
            KeepIfNew(exception);
        }
    }

    /// <inheritdoc/>
    internal sealed override int RunStolen(ForkJoinWorker thief)
    {
        Interlocked.Or(ref _state, Stolen | (thief.Number << ThiefShift));
        var outcome = Done;
        try
        {
            thief.CheckBeforeRun();
            _result = Compute();
        }
        catch (Exception exception)
        {
            Keep(exception);
            outcome = Done | Failed;
        }

        return End(outcome);
    }

    /// <inheritdoc/>
    internal sealed override void WriteOutcome(IForkJoinOutcomeWriter writer)
    {
        if ((Volatile.Read(ref _state) & Failed) != 0)
        {
            writer.WriteFailure(Kept());
        }
        else
        {
            writer.WriteResult(_result);
        }
    }

    /// <inheritdoc/>
    internal sealed override int TakeOutcome(IForkJoinOutcomeReader reader)
    {
        if (reader.IsFailure)
        {
            Keep(reader.ReadFailure());
            return End(Done | Failed);
        }

        _result = reader.ReadResult<TResult>();
        return End(Done);
    }

    /// <inheritdoc/>
    internal sealed override bool TryMarkWaited() => (Interlocked.Or(ref _state, Waited) & Done) == 0;

    /// <summary>The result of a task that has ended.</summary>
    internal TResult TakeResult()
    {
        ThrowIfFailed();
        return _result;
    }

    private int End(int outcome)
    {
        var before = Interlocked.Exchange(ref _state, outcome);
        return (before & Waited) == 0 ? -1 : (before >> ForkerShift) & NumberMask;
    }

    // The filter keeps the failure without catching it: the exception passes through any depth of joins at the cost of one.
    private TResult RunHere(ForkJoinWorker worker)
    {
        try
        {
            worker.CheckBeforeRun();
            var result = Compute();
            _result = result;
            Volatile.Write(ref _state, Done);
            return result;
        }
        catch (Exception exception) when (IsKept(exception))
        {
            throw;
        }
    }

    private bool IsKept(Exception exception)
    {
        KeepIfNew(exception);
        return false;
    }

    private void KeepIfNew(Exception exception)
    {
        if (!IsDone)
        {
            Keep(exception);
            Volatile.Write(ref _state, Done | Failed);
        }
    }

    private TResult JoinTaken(ForkJoinWorker? worker)
    {
        if (!IsDone)
        {
            AwaitDone(worker);
        }

        return TakeResult();
    }

    private void AwaitDone(ForkJoinWorker? worker)
    {
        var state = Volatile.Read(ref _state);
        var isOurs = worker is not null && (state & Forked) != 0 && ((state >> ForkerShift) & NumberMask) == worker.Number;
        if (!isOurs && !IsDone)
        {
            throw new InvalidOperationException(
                $"{GetType().Name}.Join was called by a task that did not fork it, or before it was forked. A task is joined by the Compute that forked it; hand results on, not tasks.");
        }

        if (isOurs)
        {
            worker!.AwaitDone(this);
        }
    }

    private void InvokeKept()
    {
        var worker = ForkJoinWorker.Current;
        if (worker is null || _state != 0)
        {
            ThrowNotForkable(_state, nameof(InvokeAll));
        }

        RunKept(worker!);
    }

    private void JoinKept()
    {
        var worker = ForkJoinWorker.Current!;
        worker.ThrowIfEnded();
        if (worker.Deque.TryPop(this))
        {
            RunKept(worker);
        }
        else if (!IsDone)
        {
            worker.AwaitDone(this);
        }
    }

    private void ThrowIfFailed()
    {
        if ((Volatile.Read(ref _state) & Failed) != 0)
        {
            ThrowKept();
        }
    }
}
