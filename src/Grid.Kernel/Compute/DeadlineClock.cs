namespace Grid.Kernel.Compute;

/// <summary>
/// Calls back at points in time. On the system's clock a thread of its own keeps the time, because timers of the platform fire on the
/// shared thread pool, which jobs may have blocked; on any other clock its timers do.
/// </summary>
/// <remarks>
/// A heap of due times. Cancelled entries stay in it until they are due or outnumber the live ones; then the heap is rebuilt, so
/// its size stays within a constant factor of what is armed.
/// </remarks>
internal sealed class DeadlineClock : IDisposable
{
    private const int CancelledMin = 1024;

    private readonly object _gate = new();
    private readonly PriorityQueue<ArmedDeadline, long> _queue = new();
    private readonly TimeProvider _time;
    private readonly Thread? _thread;
    private readonly ITimer? _timer;
    private long _nextDue = long.MaxValue;
    private int _cancelled;
    private bool _isDisposed;

    public DeadlineClock(TimeProvider time, string name)
    {
        _time = time;
        if (ReferenceEquals(time, TimeProvider.System))
        {
            _thread = new Thread(Loop) { IsBackground = true, Name = name };
            _thread.UnsafeStart();
        }
        else
        {
            _timer = time.CreateTimer(static clock => ((DeadlineClock)clock!).FireDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The timestamp that lies a while ahead.</summary>
    public long After(TimeSpan delay) => _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Arms a callback.</summary>
    /// <param name="dueTimestamp">When, on the clock's monotonic time; a past time fires at once, after disposal nothing fires.</param>
    /// <param name="callback">Runs on the clock's thread: it must not block.</param>
    /// <param name="state">What it gets.</param>
    public ArmedDeadline Arm(long dueTimestamp, Action<object> callback, object state)
    {
        var deadline = new ArmedDeadline(this, callback, state);
        lock (_gate)
        {
            if (_isDisposed)
            {
                return deadline;
            }

            _queue.Enqueue(deadline, dueTimestamp);
            if (dueTimestamp < _nextDue)
            {
                _nextDue = dueTimestamp;
                WakeAtNeedsLock(dueTimestamp);
            }
        }

        return deadline;
    }

    public void NoteCancelled()
    {
        lock (_gate)
        {
            if (++_cancelled > CancelledMin && _cancelled > _queue.Count / 2)
            {
                var live = _queue.UnorderedItems.Where(item => item.Element.IsArmed).ToArray();
                _queue.Clear();
                _queue.EnqueueRange(live);
                _cancelled = 0;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _queue.Clear();
            Monitor.Pulse(_gate);
        }

        _timer?.Dispose();
    }

    private void WakeAtNeedsLock(long dueTimestamp)
    {
        if (_timer is null)
        {
            Monitor.Pulse(_gate);
        }
        else
        {
            var wait = _time.GetElapsedTime(_time.GetTimestamp(), dueTimestamp);
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void FireDue()
    {
        while (TakeDue() is { } deadline)
        {
            deadline.Fire();
        }
    }

    private ArmedDeadline? TakeDue()
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (_queue.TryPeek(out var deadline, out var due) && due <= now)
            {
                return _queue.Dequeue();
            }

            _nextDue = _queue.Count == 0 ? long.MaxValue : due;
            if (_timer is not null && _queue.Count > 0)
            {
                WakeAtNeedsLock(due);
            }

            return null;
        }
    }

    private void Loop()
    {
        while (true)
        {
            FireDue();
            lock (_gate)
            {
                if (_isDisposed)
                {
                    return;
                }

                var now = _time.GetTimestamp();
                if (_nextDue == long.MaxValue)
                {
                    Monitor.Wait(_gate);
                }
                else if (_nextDue > now)
                {
                    // Rounded up, so that the thread does not wake early and spin; capped, because Wait takes no more.
                    var wait = Math.Min(_time.GetElapsedTime(now, _nextDue).TotalMilliseconds + 1, int.MaxValue);
                    Monitor.Wait(_gate, (int)wait);
                }
            }
        }
    }
}
