using System.Runtime.CompilerServices;
using Grid.Spi;

namespace Grid.Benchmarks.Calls;

/// <summary>
/// A registry with one worker in it, made by that worker or told to a client: enough for two processes that know each other.
/// </summary>
internal sealed class FixedDiscovery : IDiscoverySpi
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeInfo? _worker;

    /// <summary>For the worker, which registers itself; for a client, which is told.</summary>
    public FixedDiscovery(NodeInfo? worker = null) => _worker = worker;

    public bool HoldsMembership { get; private set; }

    public Task<ClusterId> StartAsync(NodeInfo? local, CancellationToken ct)
    {
        HoldsMembership = local is not null;
        _worker = local is null ? _worker : local with { JoinOrder = 1 };
        return Task.FromResult(new ClusterId(1));
    }

    public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        yield return new DiscoverySnapshot(1, [_worker!], [], DiscoveryLink.Connected);
        await _stopped.Task.WaitAsync(ct);
    }

    public Task UpdateAsync(NodeInfo local, CancellationToken ct) => Task.CompletedTask;

    public Task RejoinAsync(NodeInfo local, CancellationToken ct) => Task.CompletedTask;

    public Task StopAsync(CancellationToken ct)
    {
        _stopped.TrySetResult();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _stopped.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
