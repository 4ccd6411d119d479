using System.Runtime.CompilerServices;
using Grid.Spi;

namespace Grid.Deployment.Worker;

/// <summary>A registry that never changes: the members that it is told of, and the local node if it is a worker.</summary>
internal sealed class StaticDiscovery(IReadOnlyList<NodeInfo> others) : IDiscoverySpi
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeInfo? _local;

    public bool HoldsMembership => _local is not null;

    public Task<ClusterId> StartAsync(NodeInfo? local, CancellationToken ct)
    {
        _local = local is null ? null : local with { JoinOrder = others.Count + 1 };
        return Task.FromResult(new ClusterId(1));
    }

    public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        yield return new DiscoverySnapshot(1, _local is null ? [.. others] : [.. others, _local], [], DiscoveryLink.Connected);
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
