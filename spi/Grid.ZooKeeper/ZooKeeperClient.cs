using Grid.ZooKeeper.Requests;
using Grid.ZooKeeper.Session;
using Grid.ZooKeeper.Watches;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper;

/// <summary>
/// One session with a ZooKeeper ensemble over one connection at a time. Safe for use by many threads; requests are
/// pipelined and answered in the order of the calls.
/// </summary>
/// <remarks>
/// <para><b>Life.</b> <see cref="ConnectAsync(ZooKeeperOptions, CancellationToken)"/> makes a client whose session is open. It keeps the session alive and
/// reconnects by itself until it is closed or the session ends; a new session is a new client.</para>
/// <para><b>Failure.</b> Every call ends with a result, one <see cref="ZooKeeperException"/>, or <see cref="OperationCanceledException"/> (the
/// operation may have been applied unless the token fired before the call). Calls made while the connection is lost wait for the next
/// one; calls that were sent and not answered when it was lost fail. The client never repeats an operation.</para>
/// <para><b>Blocking.</b> No method blocks. Reads, writes and pings run on threads of the client's own, two at most and one that all clients of the process share; a thread pool that is full of
/// blocked work does not cost the session. What awaits an answer runs on the thread that has read it. When it keeps that thread for 5 ms, another one reads on: it may block, even on its next
/// request, but each time delays other answers by as much. Go to the pool first (<c>await Task.Yield()</c>) for long computations.</para>
/// <para><b>Ownership.</b> Arguments may be changed again as soon as a method has returned its task; results belong to the caller.</para>
/// </remarks>
public sealed class ZooKeeperClient : IAsyncDisposable
{
    private readonly SessionService _session;

    private ZooKeeperClient(SessionService session) => _session = session;

    /// <summary>Where the session stands, now.</summary>
    public SessionStatus Status => _session.Status;

    /// <summary>The session, for whoever may attach to it or end it; <see langword="null"/> before a server granted one.</summary>
    public SessionCredential? Session => _session.Credential;

    /// <summary>
    /// When the session stops being safe to rely on, as a timestamp of the client's <see cref="TimeProvider"/>: 0.6 of the timeout after the last answered
    /// request was sent. Compare it with <see cref="TimeProvider.GetTimestamp"/> right before each effect that the session protects; timers alone are not fencing.
    /// </summary>
    public long FenceTimestamp => _session.FenceTimestamp;

    /// <summary>The highest transaction that any answer has shown.</summary>
    public long LastZxid => _session.LastZxid;

    /// <summary>Requests that have no answer yet, queued and sent.</summary>
    public int PendingRequests => _session.PendingRequests;

    /// <summary>Watches that are set, path and watcher counted together.</summary>
    public int WatchCount => _session.Watches.Count;

    internal SessionService Service => _session;

    /// <summary>Opens a session with default settings.</summary>
    /// <param name="connectString">Servers and chroot, as in <see cref="ZooKeeperOptions.ConnectString"/>.</param>
    /// <param name="ct">Gives the attempt up.</param>
    public static Task<ZooKeeperClient> ConnectAsync(string connectString, CancellationToken ct = default) =>
        ConnectAsync(new ZooKeeperOptions { ConnectString = connectString }, ct);

    /// <summary>Opens a session. When it throws, nothing is left running.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="ct">Gives the attempt up.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    /// <exception cref="ZooKeeperException">
    /// <see cref="ZooKeeperErrorCode.ConnectionLoss"/>: no server served within <see cref="ZooKeeperOptions.StartTimeout"/>;
    /// <see cref="ZooKeeperErrorCode.AuthFailed"/>: credentials refused; <see cref="ZooKeeperErrorCode.SessionExpired"/>: the session to attach to has ended;
    /// <see cref="ZooKeeperErrorCode.BadArguments"/>: the server granted less than <see cref="ZooKeeperOptions.SessionTimeoutMin"/>.
    /// </exception>
    public static async Task<ZooKeeperClient> ConnectAsync(ZooKeeperOptions options, CancellationToken ct = default)
    {
        var client = Start(options);
        try
        {
            await client._session.WaitUntilConnectedAsync(ct).ConfigureAwait(true);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes a client that opens its session in the background and waits for a server as long as it takes. Requests wait with it.</summary>
    /// <param name="options">Settings.</param>
    public static ZooKeeperClient Start(ZooKeeperOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var session = new SessionService(options);
        session.Start();
        return new ZooKeeperClient(session);
    }

    /// <summary>
    /// The status now and each change after it. Ends after a final status. A reader that is slow misses intermediate ones, never the last.
    /// </summary>
    /// <param name="ct">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    public IAsyncEnumerable<SessionStatus> WatchStatusAsync(CancellationToken ct = default) => _session.WatchStatusAsync(ct);

    /// <summary>Makes a mailbox for watch events.</summary>
    /// <param name="capacity">Most events that it holds, from 1; default 1,024.</param>
    public Watcher CreateWatcher(int capacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return _session.CreateWatcher(capacity);
    }

    /// <summary>Creates a node and returns its path. The parent must exist.</summary>
    /// <param name="path">Absolute path; a sequential mode appends the parent's counter to it.</param>
    /// <param name="data">Data, or <see langword="null"/>.</param>
    /// <param name="spec">Mode, ACL and time to live; a <see cref="CreateMode"/> converts.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ZooKeeperException">Among others <see cref="ZooKeeperErrorCode.NodeExists"/>, <see cref="ZooKeeperErrorCode.NoNode"/> (no parent), <see cref="ZooKeeperErrorCode.NoChildrenForEphemerals"/>.</exception>
    public Task<string> CreateAsync(string path, ReadOnlyMemory<byte>? data, NodeSpec spec = default, CancellationToken ct = default) =>
        Create(path, data, spec, Replies.CreatedPath, ct);

    /// <summary>Creates a node and returns its path and metadata. Otherwise as <see cref="CreateAsync"/>.</summary>
    /// <param name="path">Absolute path; a sequential mode appends the parent's counter to it.</param>
    /// <param name="data">Data, or <see langword="null"/>.</param>
    /// <param name="spec">Mode, ACL and time to live; a <see cref="CreateMode"/> converts.</param>
    /// <param name="ct">Stops waiting.</param>
    public Task<CreateResult> Create2Async(string path, ReadOnlyMemory<byte>? data, NodeSpec spec = default, CancellationToken ct = default) =>
        Create(path, data, spec, Replies.Created, ct);

    /// <summary>Deletes a node without children.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="version">Expected version of the data; -1 for any.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ZooKeeperException">Among others <see cref="ZooKeeperErrorCode.NoNode"/>, <see cref="ZooKeeperErrorCode.BadVersion"/>, <see cref="ZooKeeperErrorCode.NotEmpty"/>.</exception>
    public Task DeleteAsync(string path, int version = -1, CancellationToken ct = default)
    {
        var target = _session.Target(path);
        var writer = _session.NewFrame(OpCode.Delete);
        writer.WriteString(target);
        writer.WriteInt(version);
        return _session.Submit(new TypedRequest<bool>(OpCode.Delete, target, Replies.Nothing), writer.Finish(), ct);
    }

    /// <summary>Reads a node's metadata; <see langword="null"/> when it does not exist.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="watcher">Gets one event when the node is created or deleted or its data set; the node need not exist.</param>
    /// <param name="ct">Stops waiting; the watch may be set.</param>
    public Task<Stat?> ExistsAsync(string path, Watcher? watcher = null, CancellationToken ct = default) =>
        Read(OpCode.Exists, path, Replies.StatOrNone, (watcher, WatchKind.Exist), ct);

    /// <summary>Reads a node's data and metadata.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="watcher">Gets one event when the data is set or the node deleted; no watch is set when the node does not exist.</param>
    /// <param name="ct">Stops waiting; the watch may be set.</param>
    /// <exception cref="ZooKeeperException">Among others <see cref="ZooKeeperErrorCode.NoNode"/>, <see cref="ZooKeeperErrorCode.NoAuth"/>.</exception>
    public Task<NodeData> GetDataAsync(string path, Watcher? watcher = null, CancellationToken ct = default) =>
        Read(OpCode.GetData, path, Replies.Data, (watcher, WatchKind.Data), ct);

    /// <summary>Sets a node's data and returns its new metadata.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="data">Data, or <see langword="null"/>.</param>
    /// <param name="version">Expected version of the data; -1 for any.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ZooKeeperException">Among others <see cref="ZooKeeperErrorCode.NoNode"/>, <see cref="ZooKeeperErrorCode.BadVersion"/>.</exception>
    public Task<Stat> SetDataAsync(string path, ReadOnlyMemory<byte>? data, int version = -1, CancellationToken ct = default)
    {
        var target = _session.Target(path);
        var writer = _session.NewFrame(OpCode.SetData);
        writer.WriteString(target);
        writer.WriteBuffer(data);
        writer.WriteInt(version);
        return _session.Submit(new TypedRequest<Stat>(OpCode.SetData, target, Replies.Stat), writer.Finish(), ct);
    }

    /// <summary>Reads the names of a node's children, in no order.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="watcher">Gets one event when a child is created or deleted or the node itself deleted.</param>
    /// <param name="ct">Stops waiting; the watch may be set.</param>
    /// <exception cref="ZooKeeperException">Among others <see cref="ZooKeeperErrorCode.NoNode"/>.</exception>
    public Task<IReadOnlyList<string>> GetChildrenAsync(string path, Watcher? watcher = null, CancellationToken ct = default) =>
        Read(OpCode.GetChildren, path, Replies.Strings, (watcher, WatchKind.Child), ct);

    /// <summary>Reads the names of a node's children and its own metadata, in one moment.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="watcher">Gets one event when a child is created or deleted or the node itself deleted.</param>
    /// <param name="ct">Stops waiting; the watch may be set.</param>
    /// <exception cref="ZooKeeperException">Among others <see cref="ZooKeeperErrorCode.NoNode"/>.</exception>
    public Task<ChildrenResult> GetChildren2Async(string path, Watcher? watcher = null, CancellationToken ct = default) =>
        Read(OpCode.GetChildren2, path, Replies.Children, (watcher, WatchKind.Child), ct);

    /// <summary>
    /// Lets this client's server catch up with the leader: a read that is called after it, without awaiting it, sees what was written before it. Servers do not
    /// guarantee that strictly (the last commit can be missing): decide by writes that carry a version.
    /// </summary>
    /// <param name="path">Absolute path; the servers of today ignore it.</param>
    /// <param name="ct">Stops waiting.</param>
    public Task SyncAsync(string path = "/", CancellationToken ct = default)
    {
        var target = _session.Target(path);
        var writer = _session.NewFrame(OpCode.Sync);
        writer.WriteString(target);
        return _session.Submit(new TypedRequest<string>(OpCode.Sync, target, Replies.Path), writer.Finish(), ct);
    }

    /// <summary>Carries out all operations or none.</summary>
    /// <param name="operations">The operations, in order; together they must fit into one request.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <returns>One result per operation.</returns>
    /// <exception cref="MultiException">One failed, so none was applied; it says which.</exception>
    public Task<IReadOnlyList<MultiResult>> MultiAsync(IReadOnlyList<MultiOp> operations, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        var copy = operations.ToArray();
        var writer = _session.NewFrame(OpCode.Multi);
        Frames.WriteMulti(ref writer, copy, _session.Chroot);
        var request = new TypedRequest<IReadOnlyList<MultiResult>>(
            OpCode.Multi, null, (ref reader, chroot) => MultiReplies.ReadWrites(ref reader, chroot, copy));
        return _session.Submit(request, writer.Finish(), ct);
    }

    /// <summary>Reads several nodes with one request. The reads fail one by one. Needs servers of 3.6 or newer.</summary>
    /// <param name="operations">The reads, in order.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <returns>One result per read.</returns>
    public Task<IReadOnlyList<ReadResult>> MultiReadAsync(IReadOnlyList<ReadOp> operations, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        var count = operations.Count;
        var writer = _session.NewFrame(OpCode.MultiRead);
        Frames.WriteMultiRead(ref writer, operations, _session.Chroot);
        var request = new TypedRequest<IReadOnlyList<ReadResult>>(
            OpCode.MultiRead, null, (ref reader, _) => MultiReplies.ReadReads(ref reader, count));
        return _session.Submit(request, writer.Finish(), ct);
    }

    /// <summary>
    /// Ends the session: ephemeral nodes are gone when it completes. Waits for the server's good-bye at most
    /// <see cref="ZooKeeperOptions.CloseTimeout"/>; without it the session ends by its timeout. Never throws for a lost connection; may be repeated.
    /// </summary>
    /// <param name="ct">Skips the rest of the wait.</param>
    /// <returns>Whether a server confirmed the end of the session.</returns>
    public Task<bool> CloseAsync(CancellationToken ct = default) => _session.CloseAsync(ct);

    /// <summary>Closes as <see cref="CloseAsync"/> does.</summary>
    public async ValueTask DisposeAsync() => await _session.CloseAsync(CancellationToken.None).ConfigureAwait(false);

    private Task<T> Create<T>(string path, ReadOnlyMemory<byte>? data, NodeSpec spec, ReplyDecoder<T> decode, CancellationToken ct)
    {
        ZooKeeperPath.ThrowIfInvalid(path, spec.Mode);
        var target = _session.Chroot.Prepend(path);
        var code = Frames.CreateCode(spec.Mode);
        var writer = _session.NewFrame(code);
        Frames.WriteCreate(ref writer, target, data, spec);
        return _session.Submit(new TypedRequest<T>(code, target, decode), writer.Finish(), ct);
    }

    private Task<T> Read<T>(OpCode code, string path, ReplyDecoder<T> decode, (Watcher? Watcher, WatchKind Kind) watch, CancellationToken ct)
    {
        var target = _session.Target(path);
        var writer = _session.NewFrame(code);
        writer.WriteString(target);
        writer.WriteBool(watch.Watcher is not null);
        return _session.Submit(new TypedRequest<T>(code, target, decode) { Watcher = watch.Watcher, WatchKind = watch.Kind }, writer.Finish(), ct);
    }
}
