using System.Diagnostics.Metrics;
using Grid.Discovery.ZooKeeper.Records;
using Grid.Discovery.ZooKeeper.Session;
using Grid.Spi;
using Grid.ZooKeeper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Grid.Discovery.ZooKeeper;

/// <summary>
/// Discovery through a ZooKeeper ensemble. A member is an ephemeral znode under <c>members</c> of its cluster's znode; whoever watches that list knows the
/// members. See the README of this project for the layout, the rules and the number of requests.
/// </summary>
/// <remarks>
/// It lives on threads of its own (one or two are the client's, two are shared by all providers of the process), so user code that blocks the whole thread pool does not cost the membership.
/// While the connection is lost, one more thread asks the servers how they are (<see cref="ZooKeeperDiscoveryOptions.HoldsThroughOutage"/>).
/// </remarks>
public sealed class ZooKeeperDiscovery : IDiscoverySpi, IMemberMetricsSpi
{
    private static readonly TimeSpan ReopenDelayMax = TimeSpan.FromSeconds(5);
    private readonly DiscoveryContext _context;
    private readonly CancellationTokenSource _stopping = new();

    // These belong to the provider's thread.
    private RegistrySession? _session;
    private MemberName? _predecessor;
    private MemberName? _name;
    private ClusterId? _cluster;
    private Task _reopening = Task.CompletedTask;

    // Written by the provider's thread, read by any.
    private volatile MembershipLease? _lease;

    // Guarded by the gate: any thread starts, watches, stops and disposes.
    private readonly Lock _gate = new();
    private bool _isStarted;
    private bool _isWatched;
    private Task? _leaving;
    private Task? _disposing;

    /// <summary>Makes the provider of one node, not started.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="loggers">Where to log; default nowhere.</param>
    /// <param name="meters">Where to make the meters; default none.</param>
    /// <param name="time">The clock for durations; default the system's.</param>
    /// <exception cref="GridConfigurationException">The options are not valid; lists every problem.</exception>
    public ZooKeeperDiscovery(ZooKeeperDiscoveryOptions options, ILoggerFactory? loggers = null, IMeterFactory? meters = null, TimeProvider? time = null)
        : this(options, ProviderServices.From(loggers, meters, time))
    {
    }

    internal ZooKeeperDiscovery(ZooKeeperDiscoveryOptions options, ProviderServices services)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _context = DiscoveryContext.Create(options, services);
    }

    /// <inheritdoc/>
    public bool HoldsMembership => _lease is { IsHeld: true };

    /// <summary>Requests to ZooKeeper since the start; pings are not counted.</summary>
    public long RequestCount => _context.Metrics.RequestCount;

    /// <summary>The client of the current session; <see langword="null"/> before the start.</summary>
    internal ZooKeeperClient? Client => _session?.Client;

    /// <summary>Makes the provider from its section, <c>Grid:Discovery:ZooKeeper</c>; the factory to register.</summary>
    /// <param name="section">The provider's own section, with the key <c>Cluster</c>.</param>
    /// <param name="services">The node's services: clock, logging and metrics, each optional.</param>
    /// <exception cref="GridConfigurationException">The section is not valid; lists every problem.</exception>
    public static IDiscoverySpi Create(IConfigurationSection section, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return new ZooKeeperDiscovery(ZooKeeperDiscoveryOptions.Read(section), ProviderServices.From(services));
    }

    /// <inheritdoc/>
    public Task<ClusterId> StartAsync(NodeInfo? local, CancellationToken ct)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposing is not null, this);
            if (_isStarted || _leaving is not null)
            {
                throw new InvalidOperationException("This discovery provider was started before. Make one for each node.");
            }

            if (ct.IsCancellationRequested)
            {
                return Task.FromCanceled<ClusterId>(ct);
            }

            _isStarted = true;
            return _context.Thread.RunAsync(() => StartOnThreadAsync(local, ct));
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiscoverySnapshot> WatchAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_isWatched)
            {
                throw new InvalidOperationException("This discovery provider is watched already.");
            }

            _isWatched = true;
            return _context.Board.ReadAsync(ct);
        }
    }

    /// <inheritdoc/>
    public Task UpdateAsync(NodeInfo local, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(local);
        return _context.Thread.RunAsync(() => Failure.TranslateAsync(() => UpdateOnThreadAsync(local, ct), _context.Options, ct));
    }

    /// <inheritdoc/>
    public Task RejoinAsync(NodeInfo local, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(local);
        return _context.Thread.RunAsync(() => Failure.TranslateAsync(() => RejoinOnThreadAsync(local, ct), _context.Options, ct));
    }

    /// <inheritdoc/>
    public Task WriteMetricsAsync(ReadOnlyMemory<byte> metrics, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metrics.Length, IMemberMetricsSpi.MetricsBytesMax);
        return _context.Thread.RunAsync(() => Failure.TranslateAsync(() => WriteMetricsOnThreadAsync(metrics, ct), _context.Options, ct));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MemberMetrics>> ReadMetricsAsync(CancellationToken ct) => _context.Thread.RunAsync(async () =>
    {
        IReadOnlyList<MemberMetrics> metrics = [];
        await Failure.TranslateAsync(async () => metrics = await ConnectedSession("be read").Metrics.ReadAsync(ct).ConfigureAwait(true), _context.Options, ct).ConfigureAwait(true);
        return metrics;
    });

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            return _disposing is null ? _leaving ??= _context.Thread.RunAsync(() => LeaveAsync(ct)) : Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            return new ValueTask(_disposing ??= DisposeCoreAsync());
        }
    }

    private async Task<ClusterId> StartOnThreadAsync(NodeInfo? local, CancellationToken ct)
    {
        try
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, _stopping.Token);
            await Failure.TranslateAsync(() => OpenPatientlyAsync(local, linked.Token), _context.Options, ct).ConfigureAwait(true);
            _reopening = local is null ? ReopenAsync() : Task.CompletedTask;
            return _cluster!.Value;
        }
        catch
        {
            lock (_gate)
            {
                _isStarted = false; // The call may be repeated.
            }

            throw;
        }
    }

    /// <summary>A session that expires while the start is under way, because the network was cut just then, is no reason to give up before its time is over.</summary>
    private async Task OpenPatientlyAsync(NodeInfo? local, CancellationToken ct)
    {
        var since = _context.Time.GetTimestamp();
        while (true)
        {
            try
            {
                await OpenAsync(local, ct).ConfigureAwait(true);
                return;
            }
            catch (ZooKeeperException exception) when (exception.Code == ZooKeeperErrorCode.SessionExpired && _context.Time.GetElapsedTime(since) < _context.Options.StartTimeout)
            {
                ZooKeeperDiscoveryLog.StartedAnew(_context.Logger, exception);
            }
        }
    }

    private async Task OpenAsync(NodeInfo? local, CancellationToken ct)
    {
        if (local is not null)
        {
            _ = Registration.Of(local, MemberName.First(local.Key), _context.Paths); // Refused before anything is connected.
        }

        var request = new SessionRequest(local, NextName(local), _predecessor, _cluster);
        var session = await RegistrySession.OpenAsync(_context, request, ct).ConfigureAwait(true);
        _session = session;
        _cluster = session.Cluster;
        _predecessor = null;
        _lease = session.Lease;
        LogOpened(session, local);
    }

    /// <summary>Whoever has read a name never reads it again, so an attempt that may have been seen spends its name.</summary>
    private MemberName NextName(NodeInfo? local)
    {
        if (local is not null)
        {
            _name = _name is { } last && last.Key == local.Key ? last.Next() : MemberName.First(local.Key);
        }

        return _name ?? default;
    }

    private void LogOpened(RegistrySession session, NodeInfo? local)
    {
        var (sessionId, path) = (session.Client.Status.SessionId, _context.Paths.Cluster);
        if (local is null)
        {
            ZooKeeperDiscoveryLog.Observing(_context.Logger, path, _context.Options.ConnectionString, sessionId);
        }
        else
        {
            ZooKeeperDiscoveryLog.Registered(_context.Logger, local, path, _context.Options.ConnectionString, session.Registrar.JoinOrder, sessionId);
        }
    }

    private async Task UpdateOnThreadAsync(NodeInfo local, CancellationToken ct)
    {
        if (_lease is not { } lease || _session is not { } session || !_context.Machine.IsMember || lease.Key != local.Key)
        {
            throw new InvalidOperationException($"The record of {local} cannot be updated: this provider holds no such membership (it is a client, or the membership is lost).");
        }

        if (session.Client.Status.State != SessionState.Connected)
        {
            throw new DiscoveryException($"The record of {local} cannot be updated: the connection to ZooKeeper is lost. Repeat the call when the link is connected again.");
        }

        await session.Registrar.UpdateAsync(local, ct).ConfigureAwait(true);
    }

    private async Task WriteMetricsOnThreadAsync(ReadOnlyMemory<byte> metrics, CancellationToken ct)
    {
        if (_lease is null || !_context.Machine.IsMember)
        {
            throw new InvalidOperationException("Metrics cannot be written: this provider holds no membership (it is a client, or the membership is lost).");
        }

        await ConnectedSession("be written").Metrics.WriteAsync(metrics, ct).ConfigureAwait(true);
    }

    private RegistrySession ConnectedSession(string what) => _session is { Client.Status.State: SessionState.Connected } session
        ? session
        : throw new DiscoveryException($"Metrics cannot {what} now: the connection to ZooKeeper is lost.");

    private async Task RejoinOnThreadAsync(NodeInfo local, CancellationToken ct)
    {
        if (_cluster is null || (_lease is null && _predecessor is null))
        {
            throw new InvalidOperationException($"{local} cannot rejoin: this provider was not started with a member.");
        }

        if (_context.Machine.IsMember && _lease is { IsHeld: true } lease && lease.Key == local.Key)
        {
            return; // An earlier call succeeded and its answer was lost.
        }

        await EndSessionAsync().ConfigureAwait(true);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, _stopping.Token);
        await OpenAsync(local, linked.Token).ConfigureAwait(true);
    }

    /// <summary>A client has no membership to lose, so nobody but itself brings it back.</summary>
    private async Task ReopenAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (_session is { } session)
                {
                    await session.Ended.ConfigureAwait(true);
                    await EndSessionAsync().ConfigureAwait(true);
                }

                await _context.Thread.DelayAsync(ReopenDelayMax * _context.Random.NextDouble(), _stopping.Token).ConfigureAwait(true);
                await OpenAsync(null, _stopping.Token).ConfigureAwait(true);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                ZooKeeperDiscoveryLog.ReopenFailed(_context.Logger, ReopenDelayMax, exception);
            }
        }
    }

    private async Task LeaveAsync(CancellationToken ct)
    {
        var isMember = HoldsMembership && _context.Machine.Link == DiscoveryLink.Connected;
        _lease = null;
        if (isMember && _session is { } session)
        {
            try
            {
                await session.Registrar.LeaveAsync(ct).ConfigureAwait(true);
            }
            catch (Exception exception) when (exception is ZooKeeperException or OperationCanceledException)
            {
                ZooKeeperDiscoveryLog.LeaveFailed(_context.Logger, session.Lease?.Key, exception);
            }
        }

        await EndAsync().ConfigureAwait(true);
    }

    private async Task EndAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(true);
        _context.Board.End();
        await EndSessionAsync().ConfigureAwait(true);
        await _reopening.ConfigureAwait(true);
        await EndSessionAsync().ConfigureAwait(true); // One that was being opened.
    }

    private async Task EndSessionAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            _lease = null;
            _predecessor = session.Lease is null ? null : session.Registrar.Current.Name;
            _name = _predecessor ?? _name;
            _context.Machine.OnClosed();
            await session.DisposeAsync().ConfigureAwait(true);
        }
    }

    private async Task DisposeCoreAsync()
    {
        await _context.Thread.RunAsync(EndAsync).ConfigureAwait(false);
        _context.Thread.Dispose();
        _stopping.Dispose();
    }
}
