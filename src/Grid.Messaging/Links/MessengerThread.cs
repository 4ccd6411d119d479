using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Grid.Messaging.Links;

/// <summary>
/// The one thread of a messenger's own: it keeps the time of links and runs the short work that must happen on no caller's thread. Timers of the system's
/// clock fire on the shared thread pool, which user code may block; so with that clock the thread measures the ticks itself. Any other clock
/// (a test's) is asked for a timer, which only wakes the thread.
/// </summary>
internal sealed class MessengerThread : IDisposable
{
    // Bounded by its users: each peer, link and stream has at most one item of a kind in it.
    private readonly ConcurrentQueue<Action> _work = new();
    private readonly object _gate = new();
    private readonly ILogger _logger;
    private readonly TimeSpan _tickInterval;
    private readonly bool _keepsTime;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private ITimer? _timer;
    private Action? _tick;
    private bool _isTickDue;
    private bool _isWoken;
    private bool _isStopped;

    public MessengerThread(TimeProvider time, TimeSpan tickInterval, ILogger logger)
    {
        _time = time;
        _tickInterval = tickInterval;
        _logger = logger;
        _keepsTime = ReferenceEquals(time, TimeProvider.System);
        _thread = new Thread(Run) { IsBackground = true, Name = "grid messaging" };
    }

    /// <summary>Starts the thread.</summary>
    /// <param name="tick">Called once per interval, on the thread.</param>
    public void Start(Action tick)
    {
        _tick = tick;
        _thread.Start();
        if (!_keepsTime)
        {
            _timer = _time.CreateTimer(static state => ((MessengerThread)state!).OnTimer(), this, _tickInterval, _tickInterval);
        }
    }

    /// <summary>Has the thread run something short. After <see cref="Dispose"/> it is not run any more.</summary>
    public void Post(Action work)
    {
        _work.Enqueue(work);
        lock (_gate)
        {
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends the thread after the work at hand. Does not wait for it: the caller may be running on it.</summary>
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
        var lastTick = _time.GetTimestamp();
        while (Wait(lastTick, out var isTickDue))
        {
            while (_work.TryDequeue(out var work))
            {
                Guard(work);
            }

            if (isTickDue)
            {
                lastTick = _time.GetTimestamp();
                Guard(_tick!);
            }
        }
    }

    private bool Wait(long lastTick, out bool isTickDue)
    {
        lock (_gate)
        {
            while (true)
            {
                var left = _keepsTime ? _tickInterval - _time.GetElapsedTime(lastTick) : Timeout.InfiniteTimeSpan;
                isTickDue = _isTickDue || (_keepsTime && left <= TimeSpan.Zero);
                if (_isStopped || _isWoken || isTickDue)
                {
                    _isWoken = false;
                    _isTickDue = false;
                    return !_isStopped;
                }

                // Rounded up, or the last part of a millisecond would be spent in a loop.
                Monitor.Wait(_gate, _keepsTime ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : left);
            }
        }
    }

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error)
        {
            // The thread serves all peers: one part's fault must not end it.
            MessagingLog.WorkFailed(_logger, error);
        }
    }
}
