namespace Grid;

/// <summary>
/// What the workers of one computation look at when they fork. Written by whoever runs the computation, with interlocked operations; read by all its workers.
/// </summary>
internal sealed class ForkJoinSignal
{
    /// <summary>The computation has ended or was cancelled: nobody wants its tasks any more.</summary>
    public const int Ended = 1;

    /// <summary>Somebody would help if there were a task to take.</summary>
    public const int WorkWanted = 2;

    private int _bits;

    public int Bits => Volatile.Read(ref _bits);

    public bool IsEnded => (Bits & Ended) != 0;

    public void Raise(int bit) => Interlocked.Or(ref _bits, bit);

    /// <summary>Takes a bit down.</summary>
    /// <returns>False when it was down.</returns>
    public bool TryLower(int bit) => (Interlocked.And(ref _bits, ~bit) & bit) != 0;
}
