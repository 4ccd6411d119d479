using System.Net;
using System.Net.Sockets;
using Grid.Discovery.Gossip;
using Xunit;

namespace Grid.Discovery.Gossip.Tests;

/// <summary>How a cluster begins, on loopback, without a seed that runs before the members.</summary>
public sealed class FoundingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Seeds_that_start_at_once_found_one_cluster()
    {
        var ports = FreePorts(5);
        var seeds = ports.Select(port => $"127.0.0.1:{port}").ToArray();
        var nodes = ports.Select(port => new GossipDiscovery(OptionsOf(port, seeds))).ToArray();
        try
        {
            // The founder comes last, so that the others must wait for it.
            var ids = await Task.WhenAll(nodes.Reverse().Select((node, i) => node.StartAsync(RecordOf(i), CancellationToken.None).WaitAsync(Patience)));

            Assert.Single(ids.Distinct());
        }
        finally
        {
            await DisposeAsync(nodes);
        }
    }

    [Fact]
    public async Task A_seed_that_is_not_the_first_founds_nothing()
    {
        var ports = FreePorts(2);
        var options = OptionsOf(ports[1], [.. ports.Select(port => $"127.0.0.1:{port}")]);
        options.StartTimeout = TimeSpan.FromMilliseconds(200);
        await using var node = new GossipDiscovery(options);

        var exception = await Assert.ThrowsAsync<DiscoveryException>(() => node.StartAsync(RecordOf(1), CancellationToken.None));

        Assert.True(exception.IsTransient);
        Assert.Contains("Start the first seed", exception.Message, StringComparison.Ordinal);
        Assert.False(node.HoldsMembership);
    }

    [Fact]
    public async Task A_node_with_another_secret_does_not_get_in()
    {
        var ports = FreePorts(2);
        string[] seeds = [$"127.0.0.1:{ports[0]}"];
        await using var founder = new GossipDiscovery(OptionsOf(ports[0], seeds));
        await founder.StartAsync(RecordOf(0), CancellationToken.None).WaitAsync(Patience);
        var options = OptionsOf(ports[1], seeds);
        options.Secret = "another secret of somebody";
        options.StartTimeout = TimeSpan.FromMilliseconds(200);
        await using var stranger = new GossipDiscovery(options);

        await Assert.ThrowsAsync<DiscoveryException>(() => stranger.StartAsync(RecordOf(1), CancellationToken.None));
    }

    [Fact]
    public void Without_a_secret_only_loopback_is_accepted()
    {
        var options = OptionsOf(47200, []);
        options.Secret = "";
        options.Validate();

        options.Listen = "10.0.0.1:47200";

        var exception = Assert.Throws<GridConfigurationException>(options.Validate);
        Assert.Contains("there is no secret", Assert.Single(exception.Problems), StringComparison.Ordinal);
    }

    private static GossipDiscoveryOptions OptionsOf(int port, string[] seeds)
    {
        var options = GossipFixture.OptionsOf("founding");
        options.Listen = $"127.0.0.1:{port}";
        options.Seeds = seeds;
        return options;
    }

    private static NodeInfo RecordOf(int node) => new() { Id = new NodeId((UInt128)(uint)(node + 1)), Name = $"node-{node}" };

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        Array.ForEach(listeners, listener => listener.Dispose());
        return ports;
    }

    private static async Task DisposeAsync(IEnumerable<GossipDiscovery> nodes)
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }
}
