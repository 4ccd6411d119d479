using System.Threading.Channels;

namespace Grid.ZooKeeper;

/// <summary>
/// A mailbox for watch events. Give it to reads and to <c>AddWatchAsync</c> to set watches; read
/// <see cref="Events"/> in a loop. One watcher may watch any number of paths and keeps their order.
/// </summary>
/// <remarks>
/// An event is in the mailbox before the answer to any request that could show the change. A reader that is
/// slow delays nobody: when the mailbox is full, events are dropped and one <see cref="WatchEventType.EventsDropped"/>
/// takes their place. <see cref="Events"/> completes when the session ends or the watcher is disposed. Safe for use by several threads.
/// </remarks>
public sealed class Watcher : IDisposable
{
    private readonly Channel<WatchEvent> _events;
    private readonly Action<Watcher> _forget;
    private readonly int _capacity;
    private readonly Lock _gate = new();

    /// <summary>Written and read under <see cref="_gate"/>.</summary>
    private bool _isDropping;

    /// <summary>Written under <see cref="_gate"/>.</summary>
    private long _dropped;

    internal Watcher(int capacity, Action<Watcher> forget)
    {
        _capacity = capacity;
        _forget = forget;
        _events = Channel.CreateUnbounded<WatchEvent>(new UnboundedChannelOptions { AllowSynchronousContinuations = false });
    }

    /// <summary>The events in the order in which the server sent them.</summary>
    public ChannelReader<WatchEvent> Events => _events.Reader;

    /// <summary>How many events were dropped because the mailbox was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// Forgets all watches of this watcher at the client and completes <see cref="Events"/>. One-shot watches at the
    /// server stay until they fire once more, unheard; remove persistent ones with <c>RemoveWatchesAsync</c> first.
    /// </summary>
    public void Dispose()
    {
        _forget(this);
        _events.Writer.TryComplete();
    }

    /// <summary>Never blocks. The bound is kept here and not by the channel, so that the mark of a gap finds room.</summary>
    internal void Deliver(WatchEvent watchEvent)
    {
        lock (_gate)
        {
            if (_events.Reader.Count < _capacity)
            {
                _isDropping = false;
                _events.Writer.TryWrite(watchEvent);
                return;
            }

            _dropped++;
            if (!_isDropping)
            {
                _isDropping = true;
                _events.Writer.TryWrite(new WatchEvent(WatchEventType.EventsDropped, ""));
            }
        }
    }

    internal void End()
    {
        lock (_gate)
        {
            _events.Writer.TryWrite(new WatchEvent(WatchEventType.SessionEnded, ""));
        }

        _events.Writer.TryComplete();
    }
}
