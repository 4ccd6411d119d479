using System.Threading.Channels;
using Grid.ZooKeeper.Requests;
using Grid.ZooKeeper.Session;

namespace Grid.ZooKeeper.Watches;

/// <summary>
/// The events of one watcher. A channel of the framework hands whoever waits to the pool; here whoever adds an event decides where that goes on, and the leader runs it itself, so that no other thread
/// has to be woken for an event. Safe for use by several threads; its lock is a leaf.
/// </summary>
/// <param name="capacity">How many events are kept.</param>
internal sealed class Mailbox(int capacity) : ChannelReader<WatchEvent>
{
    private readonly Lock _gate = new();
    private readonly Queue<WatchEvent> _events = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What all that wait for the next event wait for.</summary>
    private TaskCompletionSource<bool>? _arrival;
    private bool _isDropping;
    private bool _isClosed;
    private long _dropped;

    public override bool CanCount => true;

    public override bool CanPeek => true;

    public override Task Completion => _completion.Task;

    public override int Count
    {
        get
        {
            lock (_gate)
            {
                return _events.Count;
            }
        }
    }

    /// <summary>How many events found no room.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
            {
                return _dropped;
            }
        }
    }

    public override bool TryPeek(out WatchEvent item)
    {
        lock (_gate)
        {
            return _events.TryPeek(out item);
        }
    }

    public override bool TryRead(out WatchEvent item)
    {
        lock (_gate)
        {
            var isRead = _events.TryDequeue(out item);
            CompleteNeedsLock();
            return isRead;
        }
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        lock (_gate)
        {
            if (_events.Count > 0 || _isClosed)
            {
                return new ValueTask<bool>(_events.Count > 0);
            }

            _arrival ??= new TaskCompletionSource<bool>();
            return new ValueTask<bool>(_arrival.Task.WaitAsync(cancellationToken));
        }
    }

    /// <summary>Puts an event in, or the mark of a gap when it is full.</summary>
    /// <returns>Who waits for it: to be ended with <see langword="true"/> by the caller.</returns>
    public TaskCompletionSource<bool>? Add(WatchEvent watchEvent)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return null;
            }

            if (_events.Count < capacity)
            {
                _isDropping = false;
                _events.Enqueue(watchEvent);
                return TakeArrivalNeedsLock();
            }

            _dropped++;
            if (!_isDropping)
            {
                _isDropping = true;
                _events.Enqueue(new WatchEvent(WatchEventType.EventsDropped, ""));
            }

            return null;
        }
    }

    /// <summary>Takes nothing in any more, except these last words. What is there can still be read.</summary>
    public void Close(params ReadOnlySpan<WatchEvent> last)
    {
        TaskCompletionSource<bool>? arrival;
        bool hasEvents;
        lock (_gate)
        {
            foreach (var watchEvent in _isClosed ? [] : last)
            {
                _events.Enqueue(watchEvent);
            }

            _isClosed = true;
            hasEvents = _events.Count > 0;
            arrival = TakeArrivalNeedsLock();
            CompleteNeedsLock();
        }

        if (arrival is not null)
        {
            Elsewhere.Continue((arrival, hasEvents), static end => end.arrival.TrySetResult(end.hasEvents));
        }
    }

    private TaskCompletionSource<bool>? TakeArrivalNeedsLock()
    {
        var arrival = _arrival;
        _arrival = null;
        return arrival;
    }

    private void CompleteNeedsLock()
    {
        if (_isClosed && _events.Count == 0)
        {
            _completion.TrySetResult();
        }
    }
}
