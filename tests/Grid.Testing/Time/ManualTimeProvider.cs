namespace Grid.Testing;

/// <summary>
/// A clock that moves only when a test says so. One owner advances it; timers fire on that thread, in the order of
/// their due times, each seeing the clock at its own due time.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _armed = new(ManualTimer.ByDueTime);
    private readonly DateTimeOffset _start;
    private long _nowTicks;
    private long _sequence;

    /// <summary>Makes a clock.</summary>
    /// <param name="start">What it shows at first; by default 1 January 2030, UTC.</param>
    public ManualTimeProvider(DateTimeOffset? start = null) => _start = start ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How far the clock has been moved since it was made.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _nowTicks));

    /// <summary>How many timers are armed: a test waits for this before it advances the clock.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_gate)
            {
                return _armed.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _nowTicks);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what falls due on the way.</summary>
    /// <param name="by">How far; not negative.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = Interlocked.Read(ref _nowTicks) + by.Ticks;
        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }

        Interlocked.Exchange(ref _nowTicks, target);
    }

    /// <summary>Moves the clock to the next armed timer and fires it.</summary>
    /// <returns>Whether a timer was armed.</returns>
    public bool AdvanceToNextTimer()
    {
        var timer = TakeDue(long.MaxValue);
        timer?.Fire();
        return timer is not null;
    }

    private ManualTimer? TakeDue(long target)
    {
        lock (_gate)
        {
            if (_armed.Min is not { } first || first.DueTicks > target)
            {
                return null;
            }

            _armed.Remove(first);
            Interlocked.Exchange(ref _nowTicks, Math.Max(_nowTicks, first.DueTicks));
            if (first.PeriodTicks > 0)
            {
                ArmNeedsLock(first, first.PeriodTicks);
            }

            return first;
        }
    }

    private void Rearm(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _armed.Remove(timer);
            timer.PeriodTicks = period > TimeSpan.Zero ? period.Ticks : 0;
            if (dueTime >= TimeSpan.Zero)
            {
                ArmNeedsLock(timer, dueTime.Ticks);
            }
        }
    }

    private void ArmNeedsLock(ManualTimer timer, long inTicks)
    {
        timer.DueTicks = _nowTicks + inTicks;
        timer.Sequence = ++_sequence;
        _armed.Add(timer);
    }

    private void Disarm(ManualTimer timer)
    {
        lock (_gate)
        {
            _armed.Remove(timer);
            timer.PeriodTicks = 0;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        public static readonly IComparer<ManualTimer> ByDueTime = Comparer<ManualTimer>.Create(
            (left, right) => (left.DueTicks, left.Sequence).CompareTo((right.DueTicks, right.Sequence)));

        private bool _isDisposed;

        public long DueTicks { get; set; }

        public long PeriodTicks { get; set; }

        public long Sequence { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isDisposed)
            {
                return false;
            }

            owner.Rearm(this, dueTime, period);
            return true;
        }

        public void Dispose()
        {
            _isDisposed = true;
            owner.Disarm(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
