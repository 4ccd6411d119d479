using System.Runtime.CompilerServices;
using Grid.Spi;

namespace Grid.Benchmarks.Calls;

/// <summary>A registry that holds what it was given: enough for two processes that know each other.</summary>
internal sealed class FixedDiscovery(NodeInfo? known) : IDiscoverySpi
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeInfo? _member = known;

    public bool HoldsMembership => known is null;

    public Task<ClusterId> StartAsync(NodeInfo? local, CancellationToken ct)
    {
        _member = local is null ? known : local with { JoinOrder = 1 };
        return Task.FromResult(new ClusterId(1));
    }

    public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        yield return new DiscoverySnapshot(1, [_member!], [], DiscoveryLink.Connected);
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
