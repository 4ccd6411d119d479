using Grid.LoadBalancing;
using Grid.Spi;

namespace Grid.Hosting.Tests.LoadBalancing;

public sealed class ConsistentHashTests
{
    private const int Keys = 10_000;

    [Fact]
    public void A_key_goes_to_one_node_whoever_submits_and_in_whatever_order_the_nodes_are()
    {
        var nodes = Nodes(7);
        NodeLoad[] reversed = [.. nodes.Reverse()];

        for (var key = 0; key < 100; key++)
        {
            Assert.Equal(NodeOf(nodes, key, seed: 1), NodeOf(reversed, key, seed: 2));
        }
    }

    [Fact]
    public void A_node_that_leaves_moves_only_its_own_keys()
    {
        var nodes = Nodes(8);
        NodeLoad[] fewer = [.. nodes.Where(load => load.Node.Name != "node-3")];

        var moved = Enumerable.Range(0, Keys).Where(key => NodeOf(nodes, key) != NodeOf(fewer, key)).ToArray();

        Assert.All(moved, key => Assert.Equal("node-3", NodeOf(nodes, key)));
        Assert.InRange(moved.Length, Keys / 8 * 0.85, Keys / 8 * 1.15);
    }

    [Fact]
    public void Nodes_get_keys_in_proportion_to_their_slots()
    {
        var nodes = Nodes(4);
        nodes[0] = new NodeLoad(nodes[0].Node with { Slots = 3 }, 0);

        var share = Enumerable.Range(0, Keys).Count(key => NodeOf(nodes, key) == "node-1") / (double)Keys;

        Assert.InRange(share, 0.47, 0.53);
    }

    [Fact]
    public void A_popular_key_cannot_drown_a_node()
    {
        var nodes = Nodes(4);
        var balancer = new ConsistentHash(1);

        for (var job = 0; job < 400; job++)
        {
            var chosen = balancer.Choose(nodes, new PlacementRequest("popular"));
            nodes[chosen] = nodes[chosen] with { InFlight = nodes[chosen].InFlight + 1 };
        }

        Assert.InRange(nodes.Max(load => load.InFlight), 100, 126);
    }

    private static string NodeOf(NodeLoad[] nodes, int key, int seed = 1) =>
        nodes[new ConsistentHash(seed).Choose(nodes, new PlacementRequest($"key {key}"))].Node.Name;

    private static NodeLoad[] Nodes(int count) =>
        [.. Enumerable.Range(1, count).Select(id => new NodeLoad(new NodeInfo { Id = new NodeId((UInt128)id), Name = $"node-{id}", Slots = 1 }, 0))];
}
