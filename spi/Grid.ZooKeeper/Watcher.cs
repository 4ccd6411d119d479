using System.Threading.Channels;
using Grid.ZooKeeper.Watches;

namespace Grid.ZooKeeper;

/// <summary>
/// A mailbox for watch events. Give it to reads and to <c>AddWatchAsync</c> to set watches; read
/// <see cref="Events"/> in a loop. One watcher may watch any number of paths and keeps their order.
/// </summary>
/// <remarks>
/// An event is in the mailbox before the answer to any request that could show the change. A reader that is
/// slow delays nobody: when the mailbox is full, events are dropped and one <see cref="WatchEventType.EventsDropped"/>
/// takes their place. <see cref="Events"/> completes when the session ends or the watcher is disposed. What waits for an
/// event runs on the thread that has read it, like what awaits an answer (see <see cref="ZooKeeperClient"/>). Safe for use by several threads.
/// </remarks>
public sealed class Watcher : IDisposable
{
    private readonly Mailbox _events;
    private readonly Action<Watcher> _forget;

    internal Watcher(int capacity, Action<Watcher> forget)
    {
        _events = new Mailbox(capacity);
        _forget = forget;
    }

    /// <summary>The events in the order in which the server sent them.</summary>
    public ChannelReader<WatchEvent> Events => _events;

    /// <summary>How many events were dropped because the mailbox was full.</summary>
    public long Dropped => _events.Dropped;

    /// <summary>
    /// Forgets all watches of this watcher at the client and completes <see cref="Events"/>. One-shot watches at the
    /// server stay until they fire once more, unheard; remove persistent ones with <c>RemoveWatchesAsync</c> first.
    /// </summary>
    public void Dispose()
    {
        _forget(this);
        _events.Close();
    }

    /// <summary>Never blocks.</summary>
    /// <returns>Who waits for an event, if somebody does: to be ended with <see langword="true"/>.</returns>
    internal TaskCompletionSource<bool>? Deliver(WatchEvent watchEvent) => _events.Add(watchEvent);

    internal void End() => _events.Close(new WatchEvent(WatchEventType.SessionEnded, ""));
}
