namespace Grid.Discovery.Gossip.Net;

/// <summary>One thread that runs work in order and a tick when it is due. Bounded: what does not fit is refused.</summary>
internal sealed class WorkThread : IDisposable
{
    private const int StackBytes = 512 * 1024;
    private const int QueueMax = 64;
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);
    private readonly object _gate = new();
    private readonly Queue<Action> _work = new();
    private readonly Func<TimeSpan> _tick;
    private readonly Action<Exception> _report;
    private bool _isStopped;

    /// <param name="name">The thread's name.</param>
    /// <param name="tick">Does what is due; returns how long until it is to be called again at the latest.</param>
    /// <param name="report">Told of what work or tick threw.</param>
    public WorkThread(string name, Func<TimeSpan> tick, Action<Exception> report)
    {
        (_tick, _report) = (tick, report);
        new Thread(Run, StackBytes) { Name = name, IsBackground = true }.UnsafeStart();
    }

    public bool TryPost(Action work)
    {
        lock (_gate)
        {
            if (_isStopped || _work.Count >= QueueMax)
            {
                return false;
            }

            _work.Enqueue(work);
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>Has the tick called soon.</summary>
    public void Wake() => TryPost(static () => { });

    /// <summary>Runs a function here; blocking is fine.</summary>
    public Task<T> RunAsync<T>(Func<T> function)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isPosted = TryPost(() =>
        {
            try
            {
                completion.SetResult(function());
            }
            catch (OperationCanceledException exception)
            {
                completion.SetCanceled(exception.CancellationToken);
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        });
        return isPosted ? completion.Task : Task.FromException<T>(new DiscoveryException("Gossip is stopping or has more to do than fits its queue."));
    }

    /// <summary>Ends the thread after the work that is queued.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Run()
    {
        while (true)
        {
            try
            {
                var wait = _tick();
                if (!TryTake(wait < WaitMax ? wait : WaitMax, out var work))
                {
                    return;
                }

                work?.Invoke();
            }
            catch (Exception exception)
            {
                _report(exception);
            }
        }
    }

    private bool TryTake(TimeSpan wait, out Action? work)
    {
        lock (_gate)
        {
            if (_work.Count == 0 && !_isStopped && wait > TimeSpan.Zero)
            {
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)));
            }

            return _work.TryDequeue(out work) || !_isStopped;
        }
    }
}
