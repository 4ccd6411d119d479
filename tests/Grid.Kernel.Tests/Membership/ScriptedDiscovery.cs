using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grid.Spi;

namespace Grid.Kernel.Tests.Membership;

/// <summary>A discovery provider that says what a test tells it to say, and writes down how it is called.</summary>
internal sealed class ScriptedDiscovery : IDiscoverySpi
{
    private readonly Channel<DiscoverySnapshot> _snapshots = Channel.CreateUnbounded<DiscoverySnapshot>();
    private int _running;

    public ConcurrentQueue<string> Calls { get; } = [];

    public bool HasOverlapped { get; private set; }

    public bool HoldsMembership { get; set; } = true;

    public Func<NodeInfo?, CancellationToken, Task> OnStart { get; set; } = (_, _) => Task.CompletedTask;

    public Func<NodeInfo, CancellationToken, Task> OnUpdate { get; set; } = (_, _) => Task.CompletedTask;

    public Func<NodeInfo, CancellationToken, Task> OnRejoin { get; set; } = (_, _) => Task.CompletedTask;

    public Func<CancellationToken, Task> OnStop { get; set; } = _ => Task.CompletedTask;

    public void Show(DiscoverySnapshot snapshot) => _snapshots.Writer.TryWrite(snapshot);

    public void BreakWatch(Exception? exception) => _snapshots.Writer.TryComplete(exception);

    public async Task<ClusterId> StartAsync(NodeInfo? local, CancellationToken ct)
    {
        await RecordAsync($"start {local?.Key}", () => OnStart(local, ct));
        return new ClusterId(42);
    }

    public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (await _snapshots.Reader.WaitToReadAsync(ct))
        {
            while (_snapshots.Reader.TryRead(out var snapshot))
            {
                yield return snapshot;
            }
        }
    }

    public Task UpdateAsync(NodeInfo local, CancellationToken ct) => RecordAsync($"update {local.Key} {local.State}", () => OnUpdate(local, ct));

    public Task RejoinAsync(NodeInfo local, CancellationToken ct) => RecordAsync($"rejoin {local.Key} {local.State}", () => OnRejoin(local, ct));

    public Task StopAsync(CancellationToken ct)
    {
        _snapshots.Writer.TryComplete();
        return RecordAsync("stop", () => OnStop(ct));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task RecordAsync(string call, Func<Task> run)
    {
        HasOverlapped |= Interlocked.Increment(ref _running) > 1;
        Calls.Enqueue(call);
        try
        {
            await run();
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
