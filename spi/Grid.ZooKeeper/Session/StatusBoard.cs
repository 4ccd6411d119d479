using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Grid.ZooKeeper.Session;

/// <summary>Shows the latest status and passes each change on to those who watch. A leaf: its lock guards the list of watchers.</summary>
internal sealed class StatusBoard(SessionStatus first)
{
    /// <summary>A watcher that is this many changes behind misses the oldest.</summary>
    private const int BacklogMax = 32;
    private readonly Lock _gate = new();
    private readonly List<Channel<SessionStatus>> _watchers = [];

    /// <summary>Written under <see cref="_gate"/>, read by anyone.</summary>
    private volatile SessionStatus _latest = first;

    public SessionStatus Latest => _latest;

    public void Publish(SessionStatus status)
    {
        lock (_gate)
        {
            if (_latest.IsFinal || _latest == status)
            {
                return;
            }

            _latest = status;
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(status);
                if (status.IsFinal)
                {
                    watcher.Writer.TryComplete();
                }
            }
        }
    }

    public async IAsyncEnumerable<SessionStatus> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var channel = Subscribe();
        try
        {
            // Resumes where the reader waits: one with a scheduler of its own must not depend on the thread pool, which user code may have blocked.
            while (await channel.Reader.WaitToReadAsync(ct).ConfigureAwait(true))
            {
                while (channel.Reader.TryRead(out var status))
                {
                    yield return status;
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(channel);
            }
        }
    }

    private Channel<SessionStatus> Subscribe()
    {
        var channel = Channel.CreateBounded<SessionStatus>(new BoundedChannelOptions(BacklogMax) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            channel.Writer.TryWrite(_latest);
            if (_latest.IsFinal)
            {
                channel.Writer.TryComplete();
            }
            else
            {
                _watchers.Add(channel);
            }
        }

        return channel;
    }
}
