namespace Grid.ZooKeeper.Session;

/// <summary>
/// Which thread reads the connection. The one that does, the leader, also runs what callers have waiting for an answer, so that no other thread has to be woken for it. When such code
/// keeps the leader, it is deposed and another thread reads on; a deposed thread ends when the code that kept it returns.
/// </summary>
/// <remarks>
/// After D. C. Schmidt, C. O'Ryan, M. Kircher, I. Pyarali, F. Buschmann: Leader/Followers (Pattern Languages of Program Design 4, 2000). There each leader names a successor before it runs an
/// event's code; here it is relieved only when it is late, because hardly any is.
/// </remarks>
/// <param name="wakeWatch">Makes the watching thread call <see cref="Watch"/>.</param>
/// <param name="clock">Measures how long a leader is gone.</param>
internal sealed class Leadership(Action wakeWatch, TimeProvider clock)
{
    /// <summary>How long code of a caller may keep the leader before another thread reads; also how often the watch looks while there is traffic.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(5);

    /// <summary>Grows with each step into callers' code, which makes it odd, and out of it.</summary>
    private long _steps;
    private bool _isWatched;

    /// <summary>The watch's own.</summary>
    private long _seen;

    /// <summary>The watch's own.</summary>
    private long _seenAt;

    /// <summary>Called by the leader before it runs code of callers. From then on it may be deposed at any moment: what it reads and decides with belongs to another thread then.</summary>
    /// <returns>What to leave with.</returns>
    public long Enter()
    {
        var step = Interlocked.Increment(ref _steps);
        if (!Volatile.Read(ref _isWatched))
        {
            Volatile.Write(ref _isWatched, true);
            wakeWatch();
        }

        return step;
    }

    /// <summary>The code has returned.</summary>
    /// <param name="step">What <see cref="Enter"/> returned.</param>
    /// <returns>False when another thread leads meanwhile: the caller touches nothing more and ends.</returns>
    public bool TryLeave(long step) => Interlocked.CompareExchange(ref _steps, step + 1, step) == step;

    /// <summary>Looks at the leader. Called by one thread, the watch, whenever it wakes.</summary>
    public Lead Watch()
    {
        var steps = Volatile.Read(ref _steps);
        if (steps != _seen)
        {
            return Busy(steps);
        }

        if (!Volatile.Read(ref _isWatched))
        {
            return Lead.Rests;
        }

        if (clock.GetElapsedTime(_seenAt) < Patience)
        {
            return Lead.Works;
        }

        if ((steps & 1) != 0 && TryLeave(steps))
        {
            _seen = steps + 1;
            _seenAt = clock.GetTimestamp();
            return Lead.IsVacant;
        }

        // The leader raises the flag again with its next step; one that it took just before is seen here.
        Volatile.Write(ref _isWatched, false);
        Interlocked.MemoryBarrier();
        steps = Volatile.Read(ref _steps);
        return steps == _seen ? Lead.Rests : Busy(steps);
    }

    private Lead Busy(long steps)
    {
        Volatile.Write(ref _isWatched, true);
        _seen = steps;
        _seenAt = clock.GetTimestamp();
        return Lead.Works;
    }
}
