using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Membership;

/// <summary>
/// Runs the membership of one node: it watches the registry, publishes the topology, fences the node when its
/// membership is lost and brings it back. Everything that changes state runs on one thread of its own
/// (<see cref="MembershipThread"/>), so a blocked thread pool stops neither the view nor the fence. It does not own the
/// provider: who made it disposes it, after this service.
/// </summary>
internal sealed class MembershipService : ITopology, IAsyncDisposable
{
    private readonly IDiscoverySpi _discovery;
    private readonly MembershipOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly MembershipMetrics _metrics;
    private readonly ChangeHistory _history;
    private readonly MembershipThread _thread = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _watchEnd = new();
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IMembershipObserver> _observers = [];

    // From StartAsync on, these belong to the membership thread.
    private MembershipMachine _machine = new(null);
    private Task _lastOperation = Task.CompletedTask;
    private Task _rejoining = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    // Written by the membership thread, read by any.
    private volatile TopologyView _current = TopologyView.Empty;
    private volatile NodeInfo? _local;
    private volatile bool _isFenced;

    // Guarded by the gate: any thread starts, stops and disposes.
    private readonly Lock _gate = new();
    private bool _isStarted;
    private Task? _leaving;
    private Task? _disposing;

    /// <summary>Makes the service of one node; <see cref="StartAsync"/> joins.</summary>
    public MembershipService(
        IDiscoverySpi discovery, MembershipOptions options, TimeProvider time, Random random, ILogger<MembershipService> logger, IMeterFactory? meters = null)
    {
        _discovery = discovery;
        _options = options;
        _time = time;
        _random = random;
        _logger = logger;
        _history = new ChangeHistory(options.HistoryMax);
        _metrics = new MembershipMetrics(meters, () => _current);
    }

    /// <inheritdoc/>
    public TopologyView Current => _current;

    /// <summary>The local record with its incarnation and join order; <see langword="null"/> for a client and before the start.</summary>
    public NodeInfo? Local => _local;

    /// <summary>
    /// Whether the local node has lost its membership and has not rejoined yet. True before any observer is told; check it before
    /// a side effect that only a member may have.
    /// </summary>
    public bool IsFenced => _isFenced;

    /// <summary>Registers a part of the node; only before <see cref="StartAsync"/>. Parts are called in the order of registration.</summary>
    public void Observe(IMembershipObserver observer)
    {
        Debug.Assert(!_isStarted, "Observers register before the start.");
        _observers.Add(observer);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<TopologyChange> ChangesAsync(long afterVersion, CancellationToken ct = default) => _history.ReadAsync(afterVersion, ct);

    /// <summary>
    /// Joins (or, as a client, watches) and returns when the first snapshot that shows the local node has been published. When it throws, nothing
    /// is left registered and no loop runs.
    /// </summary>
    public async Task<ClusterId> StartAsync(NodeInfo? local, CancellationToken ct)
    {
        ClaimStart();
        try
        {
            var cluster = await _thread.RunAsync(() => JoinAsync(local, ct)).ConfigureAwait(false);
            await _confirmed.Task.WaitAsync(ct).ConfigureAwait(false);
            LogStart(cluster);
            return cluster;
        }
        catch
        {
            using var limit = new CancellationTokenSource(_options.EndTimeout, _time);
            await StopAsync(limit.Token).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Tells the others a new state of the local node. Behind the fence it is only noted and goes with the next registration.
    /// </summary>
    /// <exception cref="GridException">The registry could not be told; if it is transient, the call may be repeated.</exception>
    public Task SetStateAsync(NodeState state, CancellationToken ct)
    {
        lock (_gate)
        {
            if (!_isStarted || _leaving is not null || _disposing is not null)
            {
                throw new InvalidOperationException($"The state of the local node cannot be set to {state}: the membership is not running.");
            }

            return _thread.RunAsync(() => SetStateOnThreadAsync(state, ct));
        }
    }

    /// <summary>
    /// Leaves on purpose and ends the watch, within the token's time but for <see cref="MembershipOptions.EndTimeout"/>. Safe to repeat and after a
    /// failed start; a registry that is away is logged, not thrown.
    /// </summary>
    public Task StopAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            return !_isStarted || _disposing is not null ? Task.CompletedTask : _leaving ??= _thread.RunAsync(() => LeaveAsync(ct));
        }
    }

    /// <summary>Ends everything; without <see cref="StopAsync"/> before it, without a good-bye.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            return new ValueTask(_disposing ??= DisposeCoreAsync());
        }
    }

    private void ClaimStart()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposing is not null, this);
            if (_isStarted)
            {
                throw new InvalidOperationException("The membership was started before. Make a new service for each start.");
            }

            _isStarted = true;
        }
    }

    private async Task DisposeCoreAsync()
    {
        await _thread.RunAsync(EndLoopsAsync).ConfigureAwait(false);
        _thread.Dispose();
        _stopping.Dispose();
        _watchEnd.Dispose();
    }

    // All below runs on the membership thread; ConfigureAwait(true) keeps it there.
    private async Task SetStateOnThreadAsync(NodeState state, CancellationToken ct)
    {
        // Between two attempts to rejoin there is nobody to tell.
        if (_machine.Phase == MembershipPhase.Fenced)
        {
            SetLocalState(state);
            return;
        }

        await SerializeAsync(() => UpdateAsync(state, ct)).ConfigureAwait(true);
    }

    private async Task<ClusterId> JoinAsync(NodeInfo? local, CancellationToken ct)
    {
        _machine = new MembershipMachine(local);
        _local = local;
        var cluster = await _discovery.StartAsync(local, ct).ConfigureAwait(true);
        _watching = WatchAsync();
        return cluster;
    }

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var snapshot in _discovery.WatchAsync(_watchEnd.Token).ConfigureAwait(true))
            {
                if (snapshot is not null)
                {
                    Perform(_machine.OnSnapshot(snapshot));
                }
            }

            EndWatch(null);
        }
        catch (Exception exception)
        {
            EndWatch(exception);
        }
    }

    private void EndWatch(Exception? exception)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        MembershipLog.WatchBroken(_logger, exception);
        _confirmed.TrySetException(new DiscoveryException("The discovery provider ended its watch although the node was not stopped. Restart the node.", exception));
        Perform(_machine.OnWatchBroken());
    }

    private void Perform(MembershipStep step)
    {
        var effects = step.Effects;
        _local = _machine.Local;
        _metrics.Count(step);
        foreach (var reason in step.Quarantined)
        {
            MembershipLog.Quarantined(_logger, reason);
        }

        var before = _current;
        _isFenced |= effects.HasFlag(MembershipEffects.Fence); // Before anything else is told.
        _current = _machine.View;
        TellAboutFence(effects);
        if (effects.HasFlag(MembershipEffects.PublishView))
        {
            Publish(before.Link, step.Changes);
        }

        if (effects.HasFlag(MembershipEffects.ReportSuperseded))
        {
            MembershipLog.Superseded(_logger, _local);
        }

        if (effects.HasFlag(MembershipEffects.ConfirmLocal))
        {
            _confirmed.TrySetResult();
        }

        if (effects.HasFlag(MembershipEffects.ScheduleRejoin) && _rejoining.IsCompleted && !_stopping.IsCancellationRequested)
        {
            _rejoining = RejoinAsync();
        }
    }

    private void TellAboutFence(MembershipEffects effects)
    {
        if (effects.HasFlag(MembershipEffects.Fence))
        {
            MembershipLog.Fenced(_logger, _local);
            _metrics.CountFence();
            Tell(nameof(IMembershipObserver.OnFenced), static (observer, _) => observer.OnFenced(), 0);
        }

        if (effects.HasFlag(MembershipEffects.LiftFence))
        {
            MembershipLog.Rejoined(_logger, _local!, _local!.JoinOrder);
            Tell(nameof(IMembershipObserver.OnRejoined), static (observer, local) => observer.OnRejoined(local), _local!);
            _isFenced = false; // After every part has taken the new membership over.
        }
    }

    private void Publish(DiscoveryLink linkBefore, ImmutableArray<TopologyChange> changes)
    {
        LogPublished(linkBefore, changes);
        Tell(
            nameof(IMembershipObserver.OnChange),
            static (observer, news) => observer.OnChange(news.View, news.Changes),
            (View: _current, Changes: (IReadOnlyList<TopologyChange>)changes));
        _history.Append(changes);
    }

    private void Tell<TNews>(string callback, Action<IMembershipObserver, TNews> tell, TNews news)
    {
        foreach (var observer in _observers)
        {
            try
            {
                tell(observer, news);
            }
            catch (Exception exception)
            {
                MembershipLog.ObserverFailed(_logger, observer.GetType(), callback, exception);
            }
        }
    }

    private async Task RejoinAsync()
    {
        for (var attempt = 0; _machine.Phase == MembershipPhase.Fenced && !_stopping.IsCancellationRequested; attempt++)
        {
            try
            {
                var delay = RejoinBackoff.GetDelay(_options, attempt, _random.NextDouble());
                await Task.Delay(delay, _time, _stopping.Token).ConfigureAwait(true);
                await SerializeAsync(() => TryRejoinAsync(attempt)).ConfigureAwait(true);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task TryRejoinAsync(int attempt)
    {
        using var limit = new CancellationTokenSource(_options.RejoinTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        var record = _machine.OnRejoinStarted();
        _local = record;
        _metrics.CountRejoinAttempt();
        try
        {
            await _discovery.RejoinAsync(record, linked.Token).ConfigureAwait(true);
            Perform(_machine.OnRejoined());
        }
        catch (Exception exception)
        {
            // Whatever the reason, a node that stops trying would need a human; the delay is bounded, the log tells.
            _machine.OnRejoinFailed();
            if (!_stopping.IsCancellationRequested)
            {
                MembershipLog.RejoinFailed(_logger, attempt + 1, _options.RejoinDelayMax, exception);
            }
        }
    }

    private async Task UpdateAsync(NodeState state, CancellationToken ct)
    {
        if (_machine.Local is { } local && !_machine.IsFenced)
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, _stopping.Token);
            try
            {
                await _discovery.UpdateAsync(local with { State = state }, linked.Token).ConfigureAwait(true);
            }
            catch (InvalidOperationException)
            {
                // The provider knows already that the membership is lost: the next registration carries the state.
            }
        }

        SetLocalState(state);
    }

    private void SetLocalState(NodeState state)
    {
        _machine.OnStateSet(state);
        _local = _machine.Local;
    }

    // The provider's calls never overlap: each waits for the one before, whatever became of it.
    private Task SerializeAsync(Func<Task> operation)
    {
        return _lastOperation = RunAfterAsync(_lastOperation, operation);

        static async Task RunAfterAsync(Task before, Func<Task> operation)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            await operation().ConfigureAwait(true);
        }
    }

    private async Task LeaveAsync(CancellationToken ct)
    {
        try
        {
            _stopping.Cancel();
            await Task.WhenAll(_rejoining, IgnoreFailure(_lastOperation)).WaitAsync(ct).ConfigureAwait(true);
            await _discovery.StopAsync(ct).ConfigureAwait(true);
            MembershipLog.Left(_logger, _machine.Local);
        }
        catch (Exception exception)
        {
            MembershipLog.LeaveFailed(_logger, _machine.Local, exception);
        }

        await EndLoopsAsync().ConfigureAwait(true);
    }

    private async Task EndLoopsAsync()
    {
        _stopping.Cancel();
        _watchEnd.Cancel();
        var loops = Task.WhenAll(_rejoining, _watching, IgnoreFailure(_lastOperation));
        await loops.WaitAsync(_options.EndTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        _history.End();
    }

    private static async Task IgnoreFailure(Task operation) =>
        await operation.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);

    private void LogStart(ClusterId cluster)
    {
        if (_local is { } local)
        {
            MembershipLog.Joined(_logger, cluster, local, local.JoinOrder, _current.Nodes.Length);
        }
        else
        {
            MembershipLog.Watching(_logger, cluster, _current.Nodes.Length);
        }
    }

    private void LogPublished(DiscoveryLink linkBefore, ImmutableArray<TopologyChange> changes)
    {
        foreach (var change in changes)
        {
            MembershipLog.Changed(_logger, change.Version, change.Kind, change.Node!);
        }

        if (_current.Link == DiscoveryLink.Suspended && linkBefore == DiscoveryLink.Connected)
        {
            MembershipLog.Suspended(_logger, _current.Nodes.Length);
        }
        else if (_current.Link == DiscoveryLink.Connected && linkBefore == DiscoveryLink.Suspended && _current.Version > changes.Length)
        {
            MembershipLog.Resumed(_logger);
        }
    }
}
