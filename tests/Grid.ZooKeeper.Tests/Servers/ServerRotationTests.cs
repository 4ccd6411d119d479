using System.Net;
using Grid.ZooKeeper.Servers;

namespace Grid.ZooKeeper.Tests.Servers;

public sealed class ServerRotationTests
{
    [Fact]
    public void Names_are_resolved_again_in_each_round_and_each_address_is_a_server()
    {
        var addresses = new Queue<IPAddress[]>([[IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")], [IPAddress.Parse("10.0.0.3")]]);
        var rotation = Rotation("zk:1", _ => addresses.Dequeue());
        Assert.Equal(["10.0.0.1:1", "10.0.0.2:1"], Round(rotation));
        Assert.Equal(["10.0.0.3:1"], Round(rotation));
        Assert.Equal(1, rotation.Count);
    }

    [Fact]
    public void The_server_used_last_comes_last()
    {
        var rotation = Rotation("10.0.0.1:1,10.0.0.2:1,10.0.0.3:1", _ => []);
        Assert.Equal(3, Round(rotation).Count);
        rotation.Used(IPEndPoint.Parse("10.0.0.1:1"));
        Assert.Equal(["10.0.0.2:1", "10.0.0.3:1", "10.0.0.1:1"], Round(rotation));
    }

    [Fact]
    public void A_name_that_does_not_resolve_is_left_out_and_named()
    {
        var rotation = Rotation("bad:1,10.0.0.2:1", _ => throw new InvalidOperationException("no such host"));
        Assert.Equal(["10.0.0.2:1"], Round(rotation));
        Assert.Contains("bad: no such host", rotation.Failures, StringComparison.Ordinal);
        Assert.False(Rotation("bad:1", _ => []).TryNext(out _));
    }

    [Fact]
    public void Shuffled_clients_spread_over_all_servers()
    {
        const int Clients = 300;
        var servers = ConnectString.Parse("10.0.0.1:1,10.0.0.2:1,10.0.0.3:1");
        var first = Enumerable.Range(0, Clients).Select(seed =>
        {
            Assert.True(new ServerRotation(servers, new ZooKeeperOptions(), new Random(seed)).TryNext(out var server));
            return server.Endpoint.ToString();
        });
        Assert.All(first.CountBy(server => server), pair => Assert.InRange(pair.Value, Clients / 6, Clients / 2));
    }

    [Fact]
    public void Pauses_double_up_to_the_limit_start_anew_after_a_reset_and_are_drawn_from_zero_on()
    {
        var max = TimeSpan.FromMilliseconds(100);
        var pause = new ReconnectPause(new AlwaysNearlyOne());
        Assert.Equal([20, 40, 80, 100, 100], Enumerable.Range(0, 5).Select(_ => (int)Math.Ceiling(pause.Next(max).TotalMilliseconds)));
        pause.Reset();
        Assert.Equal(20, (int)Math.Ceiling(pause.Next(max).TotalMilliseconds));
        var drawn = new ReconnectPause(new Random(5));
        Assert.Contains(Enumerable.Range(0, 50).Select(_ => drawn.Next(max)), value => value < max / 5);
    }

    private static ServerRotation Rotation(string servers, Func<string, IPAddress[]> resolve) =>
        new(ConnectString.Parse(servers), new ZooKeeperOptions { Resolve = resolve, ShuffleServers = false }, new Random(1));

    private static List<string> Round(ServerRotation rotation)
    {
        List<string> servers = [];
        do
        {
            Assert.True(rotation.TryNext(out var server));
            servers.Add(server.Endpoint.ToString());
        }
        while (!rotation.IsRoundOver);

        return servers;
    }

    private sealed class AlwaysNearlyOne : Random
    {
        public override double NextDouble() => 0.999999;
    }
}
