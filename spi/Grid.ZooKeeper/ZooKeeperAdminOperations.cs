using Grid.ZooKeeper.Requests;
using Grid.ZooKeeper.Watches;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper;

/// <summary>Looks at the tree as a whole and at the ensemble's configuration.</summary>
public static class ZooKeeperAdminOperations
{
    private const string ConfigPath = "/zookeeper/config";

    /// <summary>The paths of all ephemeral nodes that this session owns. Needs servers of 3.6 or newer.</summary>
    /// <param name="client">The client.</param>
    /// <param name="prefix">Only paths that start with it.</param>
    /// <param name="ct">Stops waiting.</param>
    public static Task<IReadOnlyList<string>> GetEphemeralsAsync(this ZooKeeperClient client, string prefix = "/", CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var session = client.Service;
        var target = session.Target(prefix);
        var writer = session.NewFrame(OpCode.GetEphemerals);
        writer.WriteString(target);
        return session.Submit(new TypedRequest<IReadOnlyList<string>>(OpCode.GetEphemerals, target, Replies.Paths), writer.Finish(), ct);
    }

    /// <summary>How many nodes there are below a path, at all depths. Needs servers of 3.6 or newer.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">Absolute path.</param>
    /// <param name="ct">Stops waiting.</param>
    public static Task<int> GetAllChildrenNumberAsync(this ZooKeeperClient client, string path, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var session = client.Service;
        var target = session.Target(path);
        var writer = session.NewFrame(OpCode.GetAllChildrenNumber);
        writer.WriteString(target);
        return session.Submit(new TypedRequest<int>(OpCode.GetAllChildrenNumber, target, Replies.Int), writer.Finish(), ct);
    }

    /// <summary>The ensemble's configuration: one server per line and the version. Empty on a standalone server. Not subject to the chroot.</summary>
    /// <param name="client">The client.</param>
    /// <param name="watcher">Gets one event when the configuration changes.</param>
    /// <param name="ct">Stops waiting; the watch may be set.</param>
    public static Task<NodeData> GetConfigAsync(this ZooKeeperClient client, Watcher? watcher = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var writer = client.Service.NewFrame(OpCode.GetData);
        writer.WriteString(ConfigPath);
        writer.WriteBool(watcher is not null);
        var request = new TypedRequest<NodeData>(OpCode.GetData, ConfigPath, Replies.Data) { Watcher = watcher, WatchKind = WatchKind.Data };
        return client.Service.Submit(request, writer.Finish(), ct);
    }

    /// <summary>Changes the ensemble and returns the new configuration. Needs the right to write <c>/zookeeper/config</c>, in practice the super user's.</summary>
    /// <param name="client">The client.</param>
    /// <param name="change">What to change.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ZooKeeperException">Among others <see cref="ZooKeeperErrorCode.ReconfigDisabled"/>, <see cref="ZooKeeperErrorCode.NoAuth"/>, <see cref="ZooKeeperErrorCode.Unimplemented"/> (standalone server).</exception>
    public static Task<NodeData> ReconfigAsync(this ZooKeeperClient client, EnsembleChange change, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(change);
        var writer = client.Service.NewFrame(OpCode.Reconfig);
        writer.WriteString(change.Joining);
        writer.WriteString(change.Leaving);
        writer.WriteString(change.NewMembers);
        writer.WriteLong(change.FromConfig);
        return client.Service.Submit(new TypedRequest<NodeData>(OpCode.Reconfig, ConfigPath, Replies.Data), writer.Finish(), ct);
    }
}
