using System.Threading.Channels;
using Grid.Spi;

namespace Grid.Discovery.ZooKeeper.Tests.Server;

/// <summary>A provider that was started, and all snapshots that its watch has shown.</summary>
internal sealed class Watched : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Channel<DiscoverySnapshot> _news = Channel.CreateUnbounded<DiscoverySnapshot>();
    private readonly List<DiscoverySnapshot> _seen = [];
    private Task _watching = Task.CompletedTask;

    private Watched(ZooKeeperDiscovery discovery, NodeInfo? local) => (Discovery, Local) = (discovery, local);

    public ZooKeeperDiscovery Discovery { get; }

    public NodeInfo? Local { get; private set; }

    public ClusterId Cluster { get; private set; }

    /// <summary>Everything that was awaited so far, in order.</summary>
    public IReadOnlyList<DiscoverySnapshot> Seen => _seen;

    public static async Task<Watched> StartAsync(ZooKeeperDiscoveryOptions options, NodeInfo? local)
    {
        var watched = new Watched(new ZooKeeperDiscovery(options), local);
        try
        {
            watched.Cluster = await watched.Discovery.StartAsync(local, CancellationToken.None).WaitAsync(Patience);
        }
        catch
        {
            await watched.Discovery.DisposeAsync();
            throw;
        }

        watched._watching = watched.WatchAsync();
        return watched;
    }

    public async Task UpdateAsync(NodeInfo local)
    {
        await Discovery.UpdateAsync(local, CancellationToken.None).WaitAsync(Patience);
        Local = local;
    }

    public async Task RejoinAsync()
    {
        Local = Local! with { Incarnation = Local.Incarnation + 1 };
        await Discovery.RejoinAsync(Local, CancellationToken.None).WaitAsync(Patience);
    }

    public async Task<DiscoverySnapshot> UntilAsync(Func<DiscoverySnapshot, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        if (_seen.Count > 0 && condition(_seen[^1]))
        {
            return _seen[^1];
        }

        try
        {
            while (true)
            {
                var snapshot = await _news.Reader.ReadAsync(limit.Token);
                _seen.Add(snapshot);
                if (condition(snapshot))
                {
                    return snapshot;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Waited {Patience}; seen: {string.Join("; ", _seen.Select(seen => $"{seen.Version} {seen.Link} [{string.Join(", ", seen.Members)}]"))}");
        }
    }

    public Task<DiscoverySnapshot> UntilMembersAsync(params NodeInfo[] members) => UntilAsync(snapshot =>
        snapshot.Link == DiscoveryLink.Connected && snapshot.Members.Select(member => member.Key).ToHashSet().SetEquals(members.Select(member => member.Key)));

    public async ValueTask DisposeAsync()
    {
        await Discovery.DisposeAsync();
        await _watching;
    }

    private async Task WatchAsync()
    {
        await foreach (var snapshot in Discovery.WatchAsync(CancellationToken.None))
        {
            _news.Writer.TryWrite(snapshot);
        }
    }
}
