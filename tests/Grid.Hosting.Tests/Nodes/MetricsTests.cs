using Grid.Hosting.Tests.Configuration;
using Grid.Spi;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting.Tests.Nodes;

[Trait("Lane", "loopback")]
public sealed class MetricsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _registry = Guid.NewGuid().ToString();

    [Fact]
    public async Task A_client_sees_what_jobs_did_on_each_node()
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 3, SlotsPerNode = 2 });
        var client = local.Client;
        await client.BroadcastAsync(static () => 1);
        await Assert.ThrowsAsync<FormatException>(() => client.CallAsync(static () => int.Parse("x", null)));

        await WorkUntilAsync(client, client, readings => readings.Sum(reading => reading.Metrics?.JobsFailed) == 1 && readings.All(reading => reading.Metrics?.JobsDone > 0));

        Assert.Equal(client.Nodes, client.Metrics.All.Select(reading => reading.Node));
        Assert.All(client.Metrics.All, reading => Assert.Equal((MetricsFreshness.Fresh, 1L), (reading.Freshness, reading.Incarnation)));
        Assert.All(client.Metrics.All, reading => Assert.NotNull(reading.Metrics!.RunTimeP50Ms));
        Assert.All(client.Metrics.All, reading => Assert.NotNull(reading.Metrics!.LoadContexts));
        Assert.Null(client.Metrics.Find(client.LocalNode.Id));
    }

    [Fact]
    public async Task A_node_that_is_killed_is_no_longer_shown_and_one_that_comes_is_unknown_at_first()
    {
        await using var local = await LocalGrid.StartAsync(2);
        await local.KillAsync(local.Nodes[0]);

        var added = await local.AddNodeAsync();

        var reading = local.Client.Metrics.Find(added.Id)!;
        Assert.Equal(reading.Metrics is null, reading.Freshness == MetricsFreshness.Unknown);
        await WorkUntilAsync(local.Client, local.Client, readings => readings.Count == 2 && readings.All(each => each.Freshness == MetricsFreshness.Fresh));
    }

    [Fact]
    public async Task Metrics_travel_through_the_registry_when_the_configuration_says_so()
    {
        await using var first = await StartAsync(("Node:Name", "a"), ("Metrics:Exchange", "Discovery"), ("Metrics:Period", "00:00:05"));
        await using var second = await StartAsync(("Node:Name", "b"), ("Metrics:Exchange", "Discovery"), ("Metrics:Period", "00:00:05"));

        await WorkUntilAsync(first, second, readings => readings.All(reading => reading.Metrics is { JobsDone: > 0 }));

        Assert.All(second.Metrics.All, reading => Assert.Null(reading.Metrics!.PeerRoundTripP50Ms));
    }

    [Fact]
    public async Task A_registry_that_cannot_keep_metrics_is_told_at_the_start()
    {
        var exception = await Assert.ThrowsAsync<GridConfigurationException>(() => GridNode.StartAsync(
            Configure(("Metrics:Exchange", "Discovery"), ("Discovery:Provider", "Plain")), _ => { }, providers => providers.AddDiscovery("Plain", _ => new PlainDiscovery())));

        Assert.Equal("Grid:Metrics:Exchange: the discovery provider Plain cannot keep metrics. Accepted with it: Gossip.", Assert.Single(exception.Problems));
    }

    /// <summary>Gives the nodes work until what is seen fits.</summary>
    private static async Task WorkUntilAsync(IGrid grid, IGrid seer, Func<IReadOnlyList<NodeMetricsReading>, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition(seer.Metrics.All))
        {
            Assert.False(limit.IsCancellationRequested, string.Join("; ", seer.Metrics.All));
            await grid.BroadcastAsync(static () => 1, CancellationToken.None);
        }
    }

    private Task<IGrid> StartAsync(params (string Key, string? Value)[] changes) => GridNode.StartAsync(Configure(changes)).WaitAsync(Patience);

    private IConfigurationSection Configure(params (string Key, string? Value)[] changes) => Settings.Create([("Discovery:InMemory:Registry", _registry), .. changes]);

    private sealed class PlainDiscovery : IDiscoverySpi
    {
        public bool HoldsMembership => false;

        public Task<ClusterId> StartAsync(NodeInfo? local, CancellationToken ct) => throw new NotSupportedException("never started");

        public IAsyncEnumerable<DiscoverySnapshot> WatchAsync(CancellationToken ct) => throw new NotSupportedException("never started");

        public Task UpdateAsync(NodeInfo local, CancellationToken ct) => throw new NotSupportedException("never started");

        public Task RejoinAsync(NodeInfo local, CancellationToken ct) => throw new NotSupportedException("never started");

        public Task StopAsync(CancellationToken ct) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
