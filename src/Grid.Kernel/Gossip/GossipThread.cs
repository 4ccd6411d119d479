namespace Grid.Kernel.Gossip;

/// <summary>
/// The one thread that measures the node and speaks with peers about it, so that both go on when user code blocks the whole thread pool. With the system's
/// clock it measures its periods itself; any other clock (a test's) is asked for a timer, which only wakes it. Mail is bounded: beyond the limit it is dropped.
/// </summary>
internal sealed class GossipThread : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<GossipMail> _mail = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _period;
    private readonly int _inboxMax;
    private readonly bool _keepsTime;
    private readonly Thread _thread;
    private ITimer? _timer;
    private IGossipDuty? _duty;
    private double _firstPart;

    // Under the gate.
    private TopologyView? _view;
    private bool _isTickDue;
    private bool _isWoken;
    private bool _isStopped;
    private bool _isStarted;

    public GossipThread(TimeProvider time, TimeSpan period, int inboxMax)
    {
        _time = time;
        _period = period;
        _inboxMax = inboxMax;
        _keepsTime = ReferenceEquals(time, TimeProvider.System);
        _thread = new Thread(Run) { IsBackground = true, Name = "grid gossip" };
    }

    /// <summary>Starts the thread; its first period begins at once and is cut short by a random part, so that nodes started together do not speak together.</summary>
    /// <param name="duty">What it does.</param>
    /// <param name="firstPart">From 0 to 1, how much of the first period passes.</param>
    public void Start(IGossipDuty duty, double firstPart)
    {
        lock (_gate)
        {
            if (_isStopped || _isStarted)
            {
                return;
            }

            _isStarted = true;
            _isTickDue = true;
            _duty = duty;
        }

        _firstPart = firstPart;
        _thread.UnsafeStart();
        if (!_keepsTime)
        {
            _timer = _time.CreateTimer(static state => ((GossipThread)state!).OnTimer(), this, _period, _period);
        }
    }

    /// <summary>Hands a message in.</summary>
    /// <returns>False when there is no room; the caller keeps it.</returns>
    public bool TryPost(GossipMail mail)
    {
        lock (_gate)
        {
            if (_isStopped || _mail.Count >= _inboxMax)
            {
                return false;
            }

            _mail.Enqueue(mail);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Hands a view in; only the latest is read.</summary>
    public void Post(TopologyView view)
    {
        lock (_gate)
        {
            _view = view;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Has the thread call <see cref="IGossipDuty.OnWoken"/>.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends the thread after the work at hand, without waiting for it.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            _isStopped = true;
            Monitor.Pulse(_gate);
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _isTickDue = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        var duty = _duty!;
        var lastTick = _time.GetTimestamp();
        var due = TimeSpan.Zero;
        while (Wait(lastTick, due, out var work))
        {
            var late = TimeSpan.Zero;
            if (work.IsTick)
            {
                late = _time.GetElapsedTime(lastTick) - due;
                lastTick = _time.GetTimestamp();
                due = due == TimeSpan.Zero ? _period * _firstPart : _period;
            }

            Perform(duty, work, late > TimeSpan.Zero ? late : TimeSpan.Zero);
        }

        Drain();
        duty.OnEnd();
    }

    private static void Perform(IGossipDuty duty, in Work work, TimeSpan late)
    {
        try
        {
            if (work.View is not null)
            {
                duty.OnView(work.View);
            }

            if (work.Mail is { } mail)
            {
                duty.OnMail(mail);
            }

            if (work.IsWoken)
            {
                duty.OnWoken();
            }

            if (work.IsTick)
            {
                duty.OnTick(late);
            }
        }
        catch (Exception exception)
        {
            // The thread lives as long as the node: one message's fault must not end it.
            duty.OnFault(exception);
        }
    }

    private bool Wait(long lastTick, TimeSpan due, out Work work)
    {
        lock (_gate)
        {
            while (true)
            {
                var left = _keepsTime ? due - _time.GetElapsedTime(lastTick) : Timeout.InfiniteTimeSpan;
                work = new Work(_view, _mail.Count > 0 ? _mail.Peek() : null, _isWoken, _isTickDue || (_keepsTime && left <= TimeSpan.Zero));
                if (_isStopped || work != default)
                {
                    _view = null;
                    _isTickDue = false;
                    _isWoken = false;
                    _mail.TryDequeue(out _);
                    return !_isStopped;
                }

                // Rounded up, or the last part of a millisecond would be spent in a loop.
                Monitor.Wait(_gate, _keepsTime ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : left);
            }
        }
    }

    private void Drain()
    {
        lock (_gate)
        {
            while (_mail.TryDequeue(out var mail))
            {
                mail.Payload.Dispose();
            }
        }
    }

    private readonly record struct Work(TopologyView? View, GossipMail? Mail, bool IsWoken, bool IsTick);
}
