using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Membership;

/// <summary>
/// Runs the membership of one node: it watches the registry, publishes the topology, fences the node when its
/// membership is lost and brings it back. Everything that changes state runs on one thread of its own
/// (<see cref="SerialThread"/>), so a blocked thread pool stops neither the view nor the fence. It does not own the
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
    private readonly SerialThread _thread = new("grid-membership");
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _watchEnd = new();
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ObserverList _observers;

    // From StartAsync on, these belong to the membership thread.
    private readonly OperationChain _operations = new(); // The provider's calls never overlap.
    private MembershipMachine _machine = new(null);
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

    /// <summary>Makes the service of one node; <see cref="StartAsync(NodeInfo?, CancellationToken)"/> joins. The random source is used on the membership thread only: share it with nobody.</summary>
    public MembershipService(
        IDiscoverySpi discovery, MembershipOptions options, TimeProvider time, Random random, ILogger<MembershipService> logger, IMeterFactory? meters = null)
    {
        _discovery = discovery;
        _options = options;
        _time = time;
        _random = random;
        _logger = logger;
        _observers = new ObserverList(logger);
        _history = new ChangeHistory(options.HistoryMax);
        _metrics = new MembershipMetrics(meters, () => _current);
    }

    /// <inheritdoc/>
    public TopologyView Current => _current;

    /// <summary>The local record with its incarnation and join order; <see langword="null"/> for a client and before the start.</summary>
    public NodeInfo? Local => _local;

    /// <summary>
    /// Whether the local node has lost its membership and has not rejoined yet. True before any observer is told. Before a side effect
    /// that only a member may have, ask <see cref="HoldsMembership"/>.
    /// </summary>
    public bool IsFenced => _isFenced;

    /// <summary>Whether the local node can be sure at this moment that it is a member; asks the provider's clock, so it is right even just after a pause.</summary>
    public bool HoldsMembership => !_isFenced && _discovery.HoldsMembership;

    /// <summary>Registers a part of the node; only before <see cref="StartAsync(NodeInfo?, CancellationToken)"/>. Parts are called in the order of registration.</summary>
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
    public Task<ClusterId> StartAsync(NodeInfo? local, CancellationToken ct) => StartAsync(local, _ => { }, ct);

    /// <inheritdoc cref="StartAsync(NodeInfo?, CancellationToken)"/>
    /// <param name="local">The local record; <see langword="null"/> for a client.</param>
    /// <param name="onRegistered">Called once, on the membership thread, when the cluster is known and before any observer is told anything.</param>
    /// <param name="ct">Gives the start up.</param>
    public async Task<ClusterId> StartAsync(NodeInfo? local, Action<ClusterId> onRegistered, CancellationToken ct)
    {
        ClaimStart();
        try
        {
            var cluster = await _thread.RunAsync(() => JoinAsync(local, onRegistered, ct)).ConfigureAwait(false);
            await _confirmed.Task.WaitAsync(ct).ConfigureAwait(false);
            MembershipLog.Started(_logger, cluster, _local, _current);
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

        await _operations.RunAsync(() => UpdateAsync(state, ct)).ConfigureAwait(true);
    }

    private async Task<ClusterId> JoinAsync(NodeInfo? local, Action<ClusterId> onRegistered, CancellationToken ct)
    {
        _machine = new MembershipMachine(local);
        _local = local;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, _stopping.Token);
        var cluster = default(ClusterId);
        await _operations.RunAsync(async () => cluster = await _discovery.StartAsync(local, linked.Token).ConfigureAwait(true)).ConfigureAwait(true);
        onRegistered(cluster);
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
        _stopping.Cancel(); // To rejoin would be to take jobs again without hearing of the next loss.
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
            MembershipLog.Published(_logger, before, _current, step.Changes);
            _observers.OnChange(_current, step.Changes);
            _history.Append(step.Changes);
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
            _observers.OnFenced();
        }

        if (effects.HasFlag(MembershipEffects.LiftFence))
        {
            MembershipLog.Rejoined(_logger, _local!, _local!.JoinOrder);
            _observers.OnRejoined(_local!);
            _isFenced = false; // After every part has taken the new membership over.
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
                await Task.Yield(); // A delay that rounds to nothing must not keep the thread from the watch.
                await _operations.RunAsync(() => TryRejoinAsync(attempt)).ConfigureAwait(true);
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
        }
        catch (Exception exception)
        {
            // Whatever the reason, a node that stops trying would need a human; the delay is bounded, the log tells.
            _machine.OnRejoinFailed();
            if (!_stopping.IsCancellationRequested)
            {
                MembershipLog.RejoinFailed(_logger, attempt + 1, _options.RejoinDelayMax, exception);
            }

            return;
        }

        Perform(_machine.OnRejoined());
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

    private async Task LeaveAsync(CancellationToken ct)
    {
        try
        {
            _stopping.Cancel();
            await Task.WhenAll(_rejoining, _operations.WhenIdleAsync()).WaitAsync(ct).ConfigureAwait(true);
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
        _confirmed.TrySetCanceled(CancellationToken.None);
        var loops = Task.WhenAll(_rejoining, _watching, _operations.WhenIdleAsync());
        await loops.WaitAsync(_options.EndTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        _history.End();
    }
}
