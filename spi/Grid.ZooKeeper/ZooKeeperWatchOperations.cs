using Grid.ZooKeeper.Requests;
using Grid.ZooKeeper.Watches;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper;

/// <summary>Persistent watches. They need servers of 3.6 or newer.</summary>
public static class ZooKeeperWatchOperations
{
    /// <summary>
    /// Sets a watch that stays. After a reconnect it is set again and the watcher gets <see cref="WatchEventType.Rearmed"/>: the server
    /// does not tell what happened meanwhile, so read everything anew then.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="path">Absolute path; the node need not exist.</param>
    /// <param name="mode">The node alone or all below it too.</param>
    /// <param name="watcher">Gets the events; of the same client.</param>
    /// <param name="ct">Stops waiting; the watch may be set.</param>
    /// <exception cref="ZooKeeperException">Among others <see cref="ZooKeeperErrorCode.Unimplemented"/> for an older server, which also cuts the connection.</exception>
    public static Task AddWatchAsync(this ZooKeeperClient client, string path, AddWatchMode mode, Watcher watcher, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(watcher);
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a mode of persistent watches.");
        }

        var session = client.Service;
        var target = session.Target(path);
        var writer = session.NewFrame(OpCode.AddWatch);
        writer.WriteString(target);
        writer.WriteInt((int)mode);
        var request = new TypedRequest<bool>(OpCode.AddWatch, target, Replies.Nothing)
        {
            Watcher = watcher,
            WatchKind = mode == AddWatchMode.Persistent ? WatchKind.Persistent : WatchKind.Recursive,
        };
        return session.Submit(request, writer.Finish(), ct);
    }

    /// <summary>Removes this client's watches of a path, at the server and here. Each watcher concerned gets an event that says so.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">Absolute path.</param>
    /// <param name="type">Which watches.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ZooKeeperException">Among others <see cref="ZooKeeperErrorCode.NoWatcher"/>: there is none.</exception>
    public static Task RemoveWatchesAsync(this ZooKeeperClient client, string path, WatcherType type, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (!Enum.IsDefined(type))
        {
            throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of watches.");
        }

        var session = client.Service;
        var target = session.Target(path);
        var writer = session.NewFrame(OpCode.RemoveWatches);
        writer.WriteString(target);
        writer.WriteInt((int)type);
        var request = new TypedRequest<bool>(OpCode.RemoveWatches, target, (ref _, _) => session.ForgetWatches(target, type));
        return session.Submit(request, writer.Finish(), ct);
    }
}
