using Grid.Hosting;
using Grid.ZooKeeper;
using Grid.ZooKeeper.Tests.Server;
using Microsoft.Extensions.Configuration;

namespace Grid.Cluster.Tests;

/// <summary>What the exchange of metrics costs a real registry.</summary>
[Trait("Lane", "server")]
public sealed class MetricsTests(Standalone standalone) : IClassFixture<Standalone>
{
    private const int Beats = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _cluster = $"metrics-{Guid.NewGuid():n}";

    private string ConnectString => Needs.Servers(standalone.Servers).ConnectString;

    [SkippableFact]
    public async Task While_nodes_gossip_nothing_is_written_to_ZooKeeper()
    {
        await using var client = await ZooKeeperClient.ConnectAsync(ConnectString);
        await using var one = await StartAsync("one", ("Metrics:Period", "00:00:00.1"));
        await using var two = await StartAsync("two", ("Metrics:Period", "00:00:00.1"));
        await UntilAsync(one, two, metrics => metrics.JobsDone > 0);
        var before = await LastTransactionAsync(client);
        var seen = new HashSet<long?>();

        await UntilAsync(one, two, metrics => seen.Add(metrics.FramesIn) && seen.Count >= Beats);

        Assert.Equal(before, await LastTransactionAsync(client));
    }

    [SkippableFact]
    public async Task When_the_configuration_says_so_metrics_go_through_ZooKeeper_and_peers_read_them()
    {
        await using var one = await StartAsync("one", ("Metrics:Exchange", "Discovery"), ("Metrics:Period", "00:00:05"));
        await using var two = await StartAsync("two", ("Metrics:Exchange", "Discovery"), ("Metrics:Period", "00:00:05"));
        var version = one.Topology.Current.Version;

        await UntilAsync(one, two, metrics => metrics.JobsDone > 0);

        var reading = one.Metrics.Find(two.LocalNode.Id)!;
        Assert.Null(reading.Metrics!.PeerRoundTripP50Ms);
        Assert.InRange(one.Topology.Current.Version, version, version + 1);
    }

    /// <summary>Any read's answer carries the last transaction that the server has applied.</summary>
    private async Task<long> LastTransactionAsync(ZooKeeperClient client)
    {
        await client.GetChildrenAsync($"/grid/{_cluster}/members");
        return client.LastZxid;
    }

    /// <summary>Gives the nodes work until what one knows of the other fits.</summary>
    private static async Task UntilAsync(IGrid one, IGrid two, Func<NodeMetrics, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (one.Metrics.Find(two.LocalNode.Id) is not { Metrics: { } metrics } || !condition(metrics))
        {
            Assert.False(limit.IsCancellationRequested, string.Join("; ", one.Metrics.All));
            await one.BroadcastAsync(static () => 1, CancellationToken.None);
        }
    }

    private Task<IGrid> StartAsync(string name, params (string Key, string Value)[] more)
    {
        var pairs = new Dictionary<string, string?>
        {
            ["Cluster"] = _cluster,
            ["Node:Name"] = name,
            ["Discovery:Provider"] = "ZooKeeper",
            ["Discovery:ZooKeeper:ConnectionString"] = ConnectString,
            ["Communication:Tcp:Listen"] = "127.0.0.1:0",
        };
        foreach (var (key, value) in more)
        {
            pairs[key] = value;
        }

        return GridNode.StartAsync(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build()).WaitAsync(Patience);
    }
}
