namespace Grid.Kernel.Gossip.Sampling;

/// <summary>
/// Sends one work item after the other through the shared thread pool and measures how long each waits. One item is under way at most; while the pool does not take it, what
/// is measured is how long it has waited so far, so that a pool that is blocked for good shows.
/// </summary>
internal sealed class PoolProbe(TimeProvider time) : IThreadPoolWorkItem
{
    private readonly TimeProvider _time = time;

    // Written by the measuring thread before the item is queued, read by the pool after it.
    private long _queuedAt;

    // -1 while an item is under way; its delay in the clock's units afterwards. Written by the pool and, before queueing, by the measuring thread.
    private long _delay;
    private bool _isFirst = true;

    /// <summary>The delay of the last item, or null before the first. One thread calls it.</summary>
    public TimeSpan? Measure()
    {
        var now = _time.GetTimestamp();
        if (_isFirst)
        {
            _isFirst = false;
            Queue(now);
            return null;
        }

        var delay = Volatile.Read(ref _delay);
        if (delay < 0)
        {
            return _time.GetElapsedTime(_queuedAt, now);
        }

        Queue(now);
        return _time.GetElapsedTime(0, delay);
    }

    void IThreadPoolWorkItem.Execute() => Volatile.Write(ref _delay, Math.Max(0, _time.GetTimestamp() - _queuedAt));

    private void Queue(long now)
    {
        _queuedAt = now;
        Volatile.Write(ref _delay, -1);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
