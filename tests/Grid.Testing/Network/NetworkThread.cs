using System.IO.Pipelines;

namespace Grid.Testing.Network;

/// <summary>
/// The one thread of an in-memory network: every delivery and every continuation runs on it, in the order of time and, at one time, of posting. With the
/// system's clock it waits by itself; any other clock wakes it by a timer.
/// </summary>
internal sealed class NetworkThread : PipeScheduler, IDisposable
{
    private readonly TimeProvider _time;
    private readonly object _gate = new();
    private readonly PriorityQueue<Action, (long Due, long Sequence)> _work = new();
    private readonly Thread _thread;
    private readonly ITimer? _timer;
    private long _sequence;
    private bool _isStopped;

    public NetworkThread(TimeProvider time)
    {
        _time = time;
        _thread = new Thread(Run) { IsBackground = true, Name = "in-memory network" };
        if (!ReferenceEquals(time, TimeProvider.System))
        {
            _timer = time.CreateTimer(static state => ((NetworkThread)state!).Pulse(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        _thread.Start();
    }

    public override void Schedule(Action<object?> action, object? state) => Post(TimeSpan.Zero, () => action(state));

    /// <summary>Runs something after a time.</summary>
    public void Post(TimeSpan delay, Action work)
    {
        lock (_gate)
        {
            _work.Enqueue(work, (_time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency), _sequence++));
            Monitor.Pulse(_gate);
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            _isStopped = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (TakeDue() is { } work)
        {
            work();
        }
    }

    private Action? TakeDue()
    {
        lock (_gate)
        {
            while (!_isStopped)
            {
                var now = _time.GetTimestamp();
                if (!_work.TryPeek(out _, out var first))
                {
                    Monitor.Wait(_gate);
                }
                else if (first.Due <= now)
                {
                    return _work.Dequeue();
                }
                else
                {
                    WaitNeedsLock(_time.GetElapsedTime(now, first.Due));
                }
            }

            return null;
        }
    }

    private void WaitNeedsLock(TimeSpan left)
    {
        if (_timer is null)
        {
            Monitor.Wait(_gate, TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
            return;
        }

        // A due time that the clock has passed meanwhile fires at once.
        _timer.Change(left, Timeout.InfiniteTimeSpan);
        Monitor.Wait(_gate);
    }

    private void Pulse()
    {
        lock (_gate)
        {
            Monitor.Pulse(_gate);
        }
    }
}
