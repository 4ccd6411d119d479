using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Grid.Spi;

namespace Grid.Samples.FileDiscovery;

/// <summary>
/// Discovery over a folder that all members share. A member is a file; it is alive as long as its process holds a lock on a second one, which the system
/// releases when the process ends, however it ends. So no clock decides over life and death, and a process that is paused stays a member. Everybody
/// looks into the folder once per period.
/// </summary>
public sealed class FileDiscovery(SharedFolder folder, TimeSpan period, TimeProvider time) : IDiscoverySpi
{
    private readonly CancellationTokenSource _stopping = new();
    private volatile Membership? _held;
    private DiscoverySnapshot _last = new(0, [], [], DiscoveryLink.Suspended); // The watch's own, after the start.
    private volatile bool _isLost;

    /// <inheritdoc/>
    public bool HoldsMembership => _held is not null;

    /// <summary>The file that makes the local node a member; <see langword="null"/> when it is none.</summary>
    public string? MemberFile => _held?.File;

    /// <inheritdoc/>
    public async Task<ClusterId> StartAsync(NodeInfo? local, CancellationToken ct)
    {
        var cluster = await folder.CreateAsync(ct).ConfigureAwait(false);
        _held = local is null ? null : await folder.RegisterAsync(local, ct).ConfigureAwait(false);
        return cluster;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _stopping.Token);
        while (!_stopping.IsCancellationRequested)
        {
            var before = _last;
            _last = await LookAsync(before, either.Token).ConfigureAwait(true);
            if (_stopping.IsCancellationRequested)
            {
                break;
            }

            ct.ThrowIfCancellationRequested();
            if (before.Version != _last.Version || before.Link != _last.Link || _last.Departed.Length > 0)
            {
                yield return _last;
            }

            await Task.Delay(period, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public async Task UpdateAsync(NodeInfo local, CancellationToken ct)
    {
        if (_held is not { } held || held.Key != local.Key || !await folder.UpdateAsync(held, local, ct).ConfigureAwait(false))
        {
            throw new InvalidOperationException($"The record of {local} cannot be updated: this provider holds no such membership (it is a client, or the membership is lost).");
        }
    }

    /// <inheritdoc/>
    public async Task RejoinAsync(NodeInfo local, CancellationToken ct)
    {
        if (_held is null || _held.Key != local.Key)
        {
            Release();
            _held = await folder.RegisterAsync(local, ct).ConfigureAwait(false);
        }

        _isLost = false;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken ct)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await (_held is { } held ? folder.LeaveAsync(held, ct) : Task.CompletedTask).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DiscoveryException or OperationCanceledException)
        {
            // The folder is away: the others will see the lock released and take the node for failed.
        }

        Release();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Release();
    }

    private void Release() => Interlocked.Exchange(ref _held, null)?.Dispose();

    private async Task<DiscoverySnapshot> LookAsync(DiscoverySnapshot before, CancellationToken ct)
    {
        try
        {
            var (version, members, left) = await folder.LookAsync(ct).ConfigureAwait(false);
            if (_held is { } held && members.All(member => member.Key != held.Key))
            {
                Release();
                _isLost = true;
            }

            return _isLost
                ? before with { Link = DiscoveryLink.Lost, Departed = [] }
                : new DiscoverySnapshot(version, members, [.. before.Members.Select(member => member.Key).Where(left.Contains)], DiscoveryLink.Connected);
        }
        catch (Exception exception) when (exception is DiscoveryException or OperationCanceledException)
        {
            return before with { Link = _isLost ? DiscoveryLink.Lost : DiscoveryLink.Suspended, Departed = [] };
        }
    }
}
