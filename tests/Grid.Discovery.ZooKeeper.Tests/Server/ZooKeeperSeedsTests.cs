using System.Net;
using Grid.ZooKeeper;
using Grid.ZooKeeper.Tests.Server;

namespace Grid.Discovery.ZooKeeper.Tests.Server;

/// <summary>Addresses of seeds under <c>available</c> of a real server, seen by a plain client beside the source.</summary>
[Trait("Lane", "server")]
public sealed class ZooKeeperSeedsTests(Standalone standalone) : IClassFixture<Standalone>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _cluster = $"seeds-{Guid.NewGuid():n}";

    private string Available => $"/grid/{_cluster}/available";

    [SkippableFact]
    public async Task Addresses_are_shown_in_the_order_in_which_they_were_offered()
    {
        await using var first = await StartAsync(Address(9));
        await using var second = await StartAsync(Address(3));
        await using var client = await StartAsync(null);

        Assert.Equal([Address(9)], first.Current);
        Assert.Equal([Address(9), Address(3)], second.Current);
        Assert.Equal([Address(9), Address(3)], client.Current);
        await UntilAsync(() => first.Current.SequenceEqual([Address(9), Address(3)]));
    }

    [SkippableFact]
    public async Task A_source_that_is_disposed_takes_its_address_away_and_a_client_offers_none()
    {
        await using var server = await ZooKeeperClient.ConnectAsync(Needs.Servers(standalone.Servers).ConnectString);
        await using var client = await StartAsync(null);
        Assert.Empty(client.Current);
        await using var kept = await StartAsync(Address(1));
        await using (await StartAsync(Address(2)))
        {
            Assert.Equal(2, (await server.GetChildrenAsync(Available)).Count);
        }

        Assert.Equal(["127.0.0.1:1"], await server.GetChildrenAsync(Available));
        await UntilAsync(() => client.Current.SequenceEqual([Address(1)]));
    }

    /// <summary>The session of a process that died holds its address for a while; the one that listens there now comes last.</summary>
    [SkippableFact]
    public async Task An_address_is_taken_over_from_an_earlier_process()
    {
        await using var server = await ZooKeeperClient.ConnectAsync(Needs.Servers(standalone.Servers).ConnectString);
        await using var died = await StartAsync(Address(1));
        await using var other = await StartAsync(Address(2));

        await using var next = await StartAsync(Address(1));

        Assert.Equal([Address(2), Address(1)], next.Current);
    }

    [SkippableFact]
    public async Task A_source_whose_session_expired_offers_its_address_again()
    {
        await using var proxy = new ChaosProxy(Needs.Servers(standalone.Servers).ConnectString);
        await using var server = await ZooKeeperClient.ConnectAsync(Needs.Servers(standalone.Servers).ConnectString);
        await using var source = await StartAsync(Address(1), proxy.Address);
        var watcher = server.CreateWatcher();
        await server.GetChildrenAsync(Available, watcher);

        proxy.Refuse();
        await watcher.Events.ReadAsync().AsTask().WaitAsync(Patience);
        var gone = await server.GetChildrenAsync(Available, watcher);
        proxy.Heal();
        await watcher.Events.ReadAsync().AsTask().WaitAsync(Patience);

        Assert.Empty(gone);
        Assert.Equal(["127.0.0.1:1"], await server.GetChildrenAsync(Available));
    }

    private static IPEndPoint Address(int port) => new(IPAddress.Loopback, port);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<ZooKeeperSeeds> StartAsync(IPEndPoint? own, string? servers = null)
    {
        var options = new ZooKeeperDiscoveryOptions
        {
            ConnectionString = servers ?? Needs.Servers(standalone.Servers).ConnectString,
            Cluster = _cluster,
            SessionTimeout = TimeSpan.FromSeconds(2),
        };
        var source = new ZooKeeperSeeds(options, ProviderServices.From(null, null, null));
        await source.StartAsync(own, CancellationToken.None).WaitAsync(Patience);
        return source;
    }
}
