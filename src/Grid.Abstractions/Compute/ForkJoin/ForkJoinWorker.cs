using System.Runtime.CompilerServices;

namespace Grid;

/// <summary>
/// A thread's part in a fork/join computation, as its tasks see it. The node derives from it; what tasks do millions of times a second is here, not behind a call.
/// </summary>
internal abstract class ForkJoinWorker
{
    /// <summary>The worker of the thread, while it runs tasks.</summary>
    [ThreadStatic]
    public static ForkJoinWorker? Current;

    private readonly ForkJoinSignal _signal;

    // Where the stack may reach at most; set by the thread that becomes the worker.
    private nuint _stackLimit;

    /// <param name="signal">Shared by the workers of the computation.</param>
    /// <param name="number">Tells the workers of the computation apart: 0 to <see cref="ForkJoinTask.WorkersMax"/> - 1.</param>
    protected ForkJoinWorker(ForkJoinSignal signal, int number)
    {
        _signal = signal;
        Number = number;
        ForkedState = ForkJoinTask.ForkedBy(number);
    }

    public int Number { get; }

    /// <summary>The state of a task that this worker has forked.</summary>
    public int ForkedState { get; }

    public WorkDeque Deque { get; } = new();

    /// <summary>Adds a task, and tells those who wait for one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(ForkJoinTask task)
    {
        Deque.Push(task);

        // After the push. Who wants work raises the bit, then puts a barrier into all threads, then looks at the deques once more: it sees this task, or the bit is seen here.
        if (_signal.Bits != 0)
        {
            Attend();
        }
    }

    /// <summary>Ends the task's code when the computation has ended or the stack is used up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void CheckBeforeRun()
    {
        byte here;
        if ((nuint)(&here) < _stackLimit || _signal.IsEnded)
        {
            Refuse((nuint)(&here) < _stackLimit);
        }
    }

    /// <summary>How many bytes of the stack are below the point up to which tasks may use it.</summary>
    public unsafe long StackBytesLeft
    {
        get
        {
            byte here;
            return (long)((nuint)(&here) - _stackLimit);
        }
    }

    /// <summary>Waits until a task that this worker forked is done, and helps meanwhile.</summary>
    public abstract void AwaitDone(ForkJoinTask task);

    /// <summary>Waits for something other than a task while another thread takes this one's place.</summary>
    public abstract void Block(Task task);

    /// <summary>Throws when the computation was cancelled or has ended.</summary>
    public abstract void ThrowIfEnded();

    /// <summary>Wakes somebody who wants work.</summary>
    protected abstract void OfferWork();

    /// <summary>Called by the thread that becomes this worker.</summary>
    /// <param name="stackBytes">How far the stack may grow from here.</param>
    protected unsafe void SetStack(int stackBytes)
    {
        byte here;
        _stackLimit = (nuint)(&here) - (nuint)stackBytes;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Attend()
    {
        ThrowIfEnded();
        OfferWork();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refuse(bool isStackUsedUp)
    {
        if (isStackUsedUp)
        {
            throw new InsufficientExecutionStackException(
                "The fork/join tasks of this thread are nested so deep that its stack is used up. Split the work by halves, so that the depth grows with the logarithm of its size.");
        }

        ThrowIfEnded();
    }
}
