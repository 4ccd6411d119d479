using Grid.Kernel.Administration;
using Grid.Kernel.Compute;
using Grid.Kernel.Membership;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Lifecycle;

/// <summary>
/// Takes this node out of service: for good before it leaves, and as operators want it (drain, stop when it is idle, take jobs again). The others see the state through discovery; what waits here goes back to its submitters, which place it elsewhere.
/// </summary>
/// <param name="membership">Tells the others.</param>
/// <param name="compute">Has the jobs.</param>
/// <param name="logger">Where it is noted who wanted what.</param>
/// <param name="stop">Stops the node; returns before it has stopped.</param>
internal sealed class NodeDrain(MembershipService membership, ComputeService compute, ILogger logger, Action stop) : IDisposable
{
    private const string Reason = "is draining and takes no new jobs";

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();

    // Under the gate: requests are carried out one after the other.
    private Task<DrainAnswer> _last = Task.FromResult(default(DrainAnswer));

    // Belong to the request that is carried out.
    private CancellationTokenSource? _pendingStop;
    private Task _stoppingWhenIdle = Task.CompletedTask;

    /// <summary>Carries a request out.</summary>
    /// <returns>When the registry knows.</returns>
    public Task<DrainAnswer> CarryOutAsync(DrainRequest request)
    {
        lock (_gate)
        {
            return _last = CarryOutAfterAsync(_last, request);
        }
    }

    /// <summary>The last drain, before the node leaves: lets what is here end within the time for it, then cancels the rest.</summary>
    /// <param name="settings">The times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Cuts it short.</param>
    public async Task FinishAsync(GridRuntimeSettings settings, TimeProvider time, CancellationToken ct)
    {
        Dispose();
        using var limit = new CancellationTokenSource(settings.DrainTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await AnnounceAsync(either.Token).ConfigureAwait(false);
            await compute.WhenIdleAsync().WaitAsync(either.Token).ConfigureAwait(false);
            await compute.SayFarewellAsync().WaitAsync(settings.LeaveTimeout, time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            var (active, waiting) = compute.Load;
            LifecycleLog.DrainCutShort(logger, active, waiting);
        }
        catch (TimeoutException)
        {
            LifecycleLog.FarewellUnanswered(logger, settings.LeaveTimeout);
        }

        compute.CancelJobs();
    }

    /// <summary>The node stops: no further request is carried out.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _pendingStop?.Cancel();
    }

    private async Task<DrainAnswer> CarryOutAfterAsync(Task<DrainAnswer> before, DrainRequest request)
    {
        // Not on the link's thread, and an answer that somebody else gets is no concern of this one.
        await Task.WhenAny(before).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_end.IsCancellationRequested)
        {
            return new DrainAnswer("it is stopping already");
        }

        LifecycleLog.OperatorWants(logger, request.By, request.Action);
        try
        {
            await (request.Action == DrainAction.Resume ? ResumeAsync() : DrainAsync(request.Action)).ConfigureAwait(false);
            return new DrainAnswer(null);
        }
        catch (Exception exception) when (exception is GridException or InvalidOperationException or OperationCanceledException)
        {
            // The others would still send jobs, or still send none.
            LifecycleLog.OperatorRefused(logger, request.Action, exception);
            return new DrainAnswer($"its state could not be changed in the registry: {exception.Message}");
        }
    }

    private async Task DrainAsync(DrainAction action)
    {
        compute.CloseAdmission(Reason);
        try
        {
            await membership.SetStateAsync(NodeState.Draining, _end.Token).ConfigureAwait(false);
        }
        catch
        {
            compute.CloseAdmission(null);
            throw;
        }

        compute.HandBackWaiting(Reason);
        if (action == DrainAction.DrainAndStop && _pendingStop is null)
        {
            _pendingStop = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            _stoppingWhenIdle = StopWhenIdleAsync(_pendingStop.Token);
        }
    }

    private async Task AnnounceAsync(CancellationToken ct)
    {
        try
        {
            await membership.SetStateAsync(NodeState.Draining, ct).ConfigureAwait(false);
        }
        catch (GridException exception)
        {
            LifecycleLog.DrainNotAnnounced(logger, exception);
        }
    }

    private async Task ResumeAsync()
    {
        if (_pendingStop is { } pending)
        {
            _pendingStop = null;
            await pending.CancelAsync().ConfigureAwait(false);
            await _stoppingWhenIdle.ConfigureAwait(false);
            pending.Dispose();
        }

        await membership.SetStateAsync(NodeState.Available, _end.Token).ConfigureAwait(false);
        compute.CloseAdmission(null);
    }

    private async Task StopWhenIdleAsync(CancellationToken ct)
    {
        await compute.WhenIdleAsync().WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ct.IsCancellationRequested)
        {
            stop();
        }
    }
}
