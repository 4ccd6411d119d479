using Grid.Discovery.ZooKeeper.Records;
using Grid.Discovery.ZooKeeper.View;
using Grid.Spi;
using Grid.ZooKeeper;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>
/// One ZooKeeper session of the provider and the loops that live as long as it: follow its status, read the members when they change, watch the
/// fence, tidy up. All of it runs on the provider's thread. The machine says what each event means; the board shows it.
/// </summary>
internal sealed class RegistrySession : IAsyncDisposable
{
    private const int FirstReadFailuresMax = 10;
    private readonly DiscoveryContext _context;
    private readonly ClusterRegistry _registry;
    private readonly ViewReader _reader;
    private readonly ReadPacer _pacer;
    private readonly TombstoneSweep _sweep = new();
    private readonly AsyncSignal _changed = new();
    private readonly CancellationTokenSource _ending = new();
    private Task _loops = Task.CompletedTask;
    private OutageProbe? _probe;
    private long _readAt;
    private int _firstReadFailures;
    private bool _isAbsent;

    private RegistrySession(DiscoveryContext context, ZooKeeperClient client, ClusterId proposedCluster)
    {
        _context = context;
        _pacer = new ReadPacer(context.Options);
        _registry = new ClusterRegistry(client, context.Paths, context.Acl, context.Metrics);
        _reader = new ViewReader(_registry, _changed, _pacer, new QuarantineLog(context.Logger, context.Metrics, context.Paths.Members), context.Time);
        Registrar = new Registrar(_registry, proposedCluster);
        Metrics = new MetricsRecords(_registry, Registrar, () => _reader.Names);
    }

    public Registrar Registrar { get; }

    public MetricsRecords Metrics { get; }

    public ZooKeeperClient Client => _registry.Client;

    /// <summary>The membership of this session; <see langword="null"/> for a client's.</summary>
    public MembershipLease? Lease { get; private set; }

    /// <summary>The identity of the cluster.</summary>
    public ClusterId Cluster => _reader.Cluster ?? throw new InvalidOperationException("The cluster was not read yet.");

    /// <summary>Completes when the session is over; whoever opened it decides what comes next.</summary>
    public Task Ended => _loops;

    /// <summary>Opens a session, registers the node if there is one, and reads the members for the first time. When it throws, the session is closed.</summary>
    public static async Task<RegistrySession> OpenAsync(DiscoveryContext context, SessionRequest request, CancellationToken ct)
    {
        var since = context.Time.GetTimestamp();
        var client = await ZooKeeperClient.ConnectAsync(context.ClientOptions, ct).ConfigureAwait(true);
        var session = new RegistrySession(context, client, request.Cluster ?? Registrar.NewClusterId());
        try
        {
            await session.JoinAsync(request, since, ct).ConfigureAwait(true);
            return session;
        }
        catch
        {
            context.Machine.OnClosed();
            await session.DisposeAsync().ConfigureAwait(true);
            throw;
        }
    }

    /// <summary>Ends the loops and the session. Ephemeral znodes are gone when it completes, if a server answers in time.</summary>
    public async ValueTask DisposeAsync()
    {
        Lease?.End();
        _probe?.Dispose();
        await _ending.CancelAsync().ConfigureAwait(true);
        await Client.CloseAsync(CancellationToken.None).ConfigureAwait(true);
        await _loops.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        _registry.Dispose();
        _ending.Dispose();
    }

    private async Task JoinAsync(SessionRequest request, long since, CancellationToken ct)
    {
        if (request.Local is { } local)
        {
            await Registrar.RegisterAsync(Registration.Of(local with { JoinOrder = 0 }, request.Name, _context.Paths), request.Predecessor, ct).ConfigureAwait(true);
            Lease = new MembershipLease(Client, local.Key, _context.Time);
            await _context.Thread.DelayAsync(_pacer.FirstDelay(_context.Time.GetElapsedTime(since), _context.Random.NextDouble()), ct).ConfigureAwait(true);
        }
        else
        {
            // A member's registration went through the leader and is in what its server knows; a client has written nothing.
            await _registry.SyncAsync(ct).ConfigureAwait(true);
        }

        await RefuseUnguardedAsync(ct).ConfigureAwait(true);
        _context.Machine.OnOpened(request.Local?.Key);
        _loops = GuardAsync(FollowChangesAsync);
        await ReadFirstAsync(request, ct).ConfigureAwait(true);
        _loops = Task.WhenAll(_loops, GuardAsync(FollowStatusAsync), GuardAsync(ReadLoopAsync), GuardAsync(FenceLoopAsync), GuardAsync(SweepLoopAsync));
    }

    private async Task RefuseUnguardedAsync(CancellationToken ct)
    {
        if (_context.DigestId is { } digestId && !await IsGuardedAsync(digestId, ct).ConfigureAwait(true))
        {
            throw new GridConfigurationException([$"Grid:Discovery:ZooKeeper:Auth: others than this identity may change '{_context.Paths.Members}': the cluster was created without Auth or by somebody else. "
                + "Stop its nodes and remove the znodes, correct their ACLs, or use another Root."]);
        }
    }

    private async Task<bool> IsGuardedAsync(string digestId, CancellationToken ct)
    {
        try
        {
            return await _registry.IsGuardedByAsync(digestId, ct).ConfigureAwait(true);
        }
        catch (ZooKeeperException exception) when (exception.Code == ZooKeeperErrorCode.NoNode)
        {
            return true; // Nobody has created it yet.
        }
    }

    private async Task ReadFirstAsync(SessionRequest request, CancellationToken ct)
    {
        try
        {
            while (!await TryReadFirstAsync(ct).ConfigureAwait(true))
            {
                await _context.Thread.DelayAsync(NextReadDelay(), ct).ConfigureAwait(true);
            }
        }
        catch (OperationCanceledException) when (_isAbsent)
        {
            throw new DiscoveryException($"ZooKeeper at '{_context.Options.ConnectionString}' has no cluster '{_context.Options.Cluster}' below '{_context.Options.Root}'. Check the names; if they are right, start a worker: the first one creates the cluster.");
        }

        if (request.Cluster is { } known && known != Cluster)
        {
            throw new DiscoveryException($"The cluster '{_context.Paths.Cluster}' was removed and made anew as {Cluster}; this process belongs to {known}. Restart it.");
        }

        if (request.Local is not null)
        {
            Registrar.JoinOrder = _context.Machine.LocalJoinOrder
                ?? throw new DiscoveryException($"{request.Local} was registered and removed again before it could read the members. Repeat the call.");
        }
    }

    /// <summary>Reads once; what passes by itself is no reason to give the start up, as long as the session lives and the caller waits.</summary>
    private async Task<bool> TryReadFirstAsync(CancellationToken ct)
    {
        try
        {
            return await TryReadAsync(ct).ConfigureAwait(true);
        }
        catch (ZooKeeperException exception) when (exception.IsTransient && ++_firstReadFailures < FirstReadFailuresMax)
        {
            return false;
        }
    }

    /// <summary>Reads and publishes, unless changes overtook the read.</summary>
    private async Task<bool> TryReadAsync(CancellationToken ct)
    {
        var epoch = _context.Machine.Epoch;
        var since = _context.Time.GetTimestamp();
        try
        {
            if (await _reader.ReadAsync(ct).ConfigureAwait(true) is not { } view)
            {
                return false;
            }

            _isAbsent = false;
            _readAt = _context.Time.GetTimestamp();
            _context.Metrics.RecordRead(_context.Time.GetElapsedTime(since));
            ZooKeeperDiscoveryLog.Read(_context.Logger, view.Members.Length, view.Pzxid, view.Changes, _context.Metrics.RequestCount);
            var snapshot = _context.Machine.OnRead(epoch, view.Pzxid, view.Members, view.Departed);
            if (Lease is null || _context.Machine.IsMember)
            {
                Show(snapshot);
            }
            else
            {
                Lose("its record is gone although the session lives: somebody deleted it");
            }

            return true;
        }
        catch (ZooKeeperException exception) when (exception.Code == ZooKeeperErrorCode.NoNode)
        {
            await OnRegistryGoneAsync(ct).ConfigureAwait(true);
            return false;
        }
    }

    private async Task OnRegistryGoneAsync(CancellationToken ct)
    {
        if (Lease is null)
        {
            // A client creates nothing, or a mistyped name would become a cluster. It asks now and then whether a member has.
            _isAbsent = true;
            await _context.Thread.DelayAsync(_context.Options.ReadDelayMax * ((1 + _context.Random.NextDouble()) / 2), ct).ConfigureAwait(true);
            return;
        }

        Lose($"'{_context.Paths.Members}' is gone and with it all registrations");
        ct.ThrowIfCancellationRequested();
        throw new DiscoveryException($"'{_context.Paths.Members}' was removed. Repeat the call.");
    }

    private async Task FollowStatusAsync()
    {
        await foreach (var status in Client.WatchStatusAsync(_ending.Token).ConfigureAwait(true))
        {
            OnStatus(status);
        }
    }

    private void OnStatus(SessionStatus status)
    {
        switch (status.State)
        {
            case SessionState.Suspended:
                if (_probe is null)
                {
                    ZooKeeperDiscoveryLog.Suspended(_context.Logger, status.Reason, Lease?.Remaining ?? TimeSpan.Zero);
                    StartProbe(status.Timeout);
                }

                Show(_context.Machine.OnSuspended());
                break;
            case SessionState.Connected when _context.Machine.Link != DiscoveryLink.Connected:
                _probe?.Dispose();
                _probe = null;
                _context.Machine.OnReconnected();
                _changed.Set();
                break;
            case SessionState.Expired or SessionState.AuthFailed or SessionState.Closed:
                Lose($"the session is {status.State}: {status.Reason}");
                break;
            case SessionState.Connected or SessionState.Connecting:
                break;
            default:
                throw new InvalidOperationException($"Unknown session state {status.State}.");
        }
    }

    private void StartProbe(TimeSpan timeout)
    {
        if (Lease is { } lease && _context.Options.HoldsThroughOutage)
        {
            var pause = TimeSpan.FromTicks(Math.Min(timeout.Ticks / 10, TimeSpan.TicksPerSecond));
            ZooKeeperDiscoveryLog.ProbeStarted(_context.Logger, _context.Options.ConnectionString);
            _probe = new OutageProbe(_context.Servers, pause, _context.Time, since => lease.Extend(since, timeout * 0.6));
        }
    }

    /// <summary>Turns events of the watch into one flag. An event is in its mailbox before any answer that could show the change, so the flag is set in time.</summary>
    private async Task FollowChangesAsync()
    {
        while (await _registry.Changes.Events.WaitToReadAsync(_ending.Token).ConfigureAwait(true))
        {
            while (_registry.Changes.Events.TryRead(out _))
            {
                _changed.Set();
            }
        }
    }

    /// <summary>One read at a time; whatever happens meanwhile leads to one more.</summary>
    private async Task ReadLoopAsync()
    {
        while (true)
        {
            await _changed.WaitAsync(_ending.Token).ConfigureAwait(true);
            await PauseAsync(NextReadDelay()).ConfigureAwait(true);
            try
            {
                if (!await TryReadAsync(_ending.Token).ConfigureAwait(true))
                {
                    _changed.Set();
                }
            }
            catch (ZooKeeperException exception)
            {
                if (Client.Status.State == SessionState.Connected)
                {
                    ZooKeeperDiscoveryLog.ReadFailed(_context.Logger, _context.Options.ReadDelayMax, exception);
                }

                _changed.Set();
                await PauseAsync(_context.Options.ReadDelayMax * _context.Random.NextDouble()).ConfigureAwait(true);
            }
        }
    }

    private async Task FenceLoopAsync()
    {
        while (Lease is { } lease)
        {
            if (lease.Remaining is var remaining && remaining <= TimeSpan.Zero)
            {
                Lose("nothing was heard from ZooKeeper for 0.6 of the session timeout");
                return;
            }

            await PauseAsync(remaining).ConfigureAwait(true);
        }
    }

    /// <summary>Looks after what nobody else would notice: a notification that was lost, marks that are no longer needed.</summary>
    private async Task SweepLoopAsync()
    {
        while (true)
        {
            await PauseAsync(_context.Options.SweepPeriod).ConfigureAwait(true);
            _changed.Set();
            if (_context.Machine.IsEldest)
            {
                await SweepAsync().ConfigureAwait(true);
            }
        }
    }

    private async Task SweepAsync()
    {
        try
        {
            var names = await _registry.ListTombstonesAsync(_ending.Token).ConfigureAwait(true);
            var old = _sweep.OnListed(names);
            await _registry.DeleteTombstonesAsync(old, _ending.Token).ConfigureAwait(true);
            ZooKeeperDiscoveryLog.Swept(_context.Logger, old.Count);
        }
        catch (ZooKeeperException exception)
        {
            ZooKeeperDiscoveryLog.SweepFailed(_context.Logger, exception);
        }
    }

    /// <summary>The top of a loop: it ends with the session, and whatever else ends it costs the membership rather than leaving it unwatched.</summary>
    private async Task GuardAsync(Func<Task> loop)
    {
        try
        {
            await loop().ConfigureAwait(true);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The session is being closed or is lost.
        }
        catch (Exception exception)
        {
            ZooKeeperDiscoveryLog.LoopFailed(_context.Logger, exception);
            Lose(exception.Message);
        }
    }

    private TimeSpan NextReadDelay() => _pacer.NextDelay(_reader.Now, _context.Time.GetElapsedTime(_readAt), _context.Random.NextDouble());

    private Task PauseAsync(TimeSpan delay) => _context.Thread.DelayAsync(delay, _ending.Token);

    /// <summary>The membership, or for a client the session, is over: nothing that this session still hears counts.</summary>
    private void Lose(string reason)
    {
        if (_ending.IsCancellationRequested)
        {
            return;
        }

        Lease?.End();
        _probe?.Dispose();
        if (Lease is not null)
        {
            ZooKeeperDiscoveryLog.Lost(_context.Logger, Lease.Key, reason);
            _context.Metrics.CountLoss();
        }

        _context.Machine.OnLost();
        Show(_context.Machine.Latest);
        _ending.Cancel();
    }

    private void Show(DiscoverySnapshot? snapshot)
    {
        if (snapshot is not null)
        {
            _context.Board.Publish(snapshot);
        }
    }
}
