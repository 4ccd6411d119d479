using System.Numerics;
using Grid.Kernel.Gossip;
using Xunit.Abstractions;

namespace Grid.Kernel.Tests.Gossip;

/// <summary>How fast news spreads and what that costs. A thousand nodes take a while, so these are not in the pure lane.</summary>
[Trait("Lane", "loopback")]
public sealed class GossipSpreadTests(ITestOutputHelper output)
{
    private const int MessagesPerConversation = 3;

    [Theory]
    [InlineData(2, 1)]
    [InlineData(10, 2)]
    [InlineData(100, 3)]
    [InlineData(1000, 4)]
    public void A_change_is_known_to_99_percent_within_log2_n_plus_4_periods(int nodes, int seed)
    {
        var simulation = new GossipSimulation(nodes, seed, fields: 6);
        simulation.Run(4);
        var before = simulation.Entry(0, 0).Version;
        var bytesBefore = simulation.BytesSent;
        var most = BitOperations.Log2((uint)((2 * nodes) - 1)) + 4;
        var periods = 0;
        for (; periods < most && KnowersOf(simulation, before) < 0.99 * nodes; periods++)
        {
            simulation.Run(1);
        }

        var known = KnowersOf(simulation, before);
        output.WriteLine($"{nodes} nodes: known to {known} after {periods} periods, {(simulation.BytesSent - bytesBefore) / Math.Max(1, periods) / nodes} bytes per node and period");
        Assert.True(known >= 0.99 * nodes, $"Known to {known} of {nodes} after {most} periods.");
    }

    [Theory]
    [InlineData(20)]
    [InlineData(80)]
    [InlineData(240)]
    public void Bytes_per_node_and_period_are_bounded_whatever_the_number_of_nodes(int nodes)
    {
        var options = new GossipOptions { MessageBytesMax = 2048 };
        var simulation = new GossipSimulation(nodes, seed: 5, options);

        simulation.Run(30);

        var bytes = simulation.BytesSent / 30 / nodes;
        output.WriteLine($"{nodes} nodes: {bytes} bytes per node and period");
        Assert.True(simulation.LargestMessageBytes <= options.MessageBytesMax);
        Assert.True(bytes <= options.PeersPerPeriod * MessagesPerConversation * options.MessageBytesMax);
        Assert.All(Enumerable.Range(0, nodes), at => Assert.All(simulation[at].Entries, entry => Assert.NotEqual(0u, entry.Version)));
    }

    [Fact]
    public void What_does_not_fit_rotates_so_that_nobody_is_left_behind()
    {
        var simulation = new GossipSimulation(200, seed: 6, new GossipOptions { MessageBytesMax = 2048 }, fields: 12);
        simulation.Run(40);

        var oldest = Enumerable.Range(0, 200).Max(at => simulation[at].Entries.Max(entry => entry.AgeAt(simulation.Now)));

        output.WriteLine($"The oldest figure is {oldest.TotalSeconds:0.0} periods old.");
        Assert.InRange(oldest, TimeSpan.Zero, simulation[0].UnknownAfter);
    }

    [Fact]
    public void A_tenth_of_the_messages_lost_slows_the_news_and_does_not_stop_them()
    {
        var simulation = new GossipSimulation(100, seed: 7, loss: 0.1);
        simulation.Run(4);
        var before = simulation.Entry(0, 0).Version;

        simulation.Run(BitOperations.Log2(100) + 5);

        Assert.InRange(KnowersOf(simulation, before), 99, 100);
    }

    [Fact]
    public void A_node_starts_conversations_with_few_of_many()
    {
        var simulation = new GossipSimulation(500, seed: 8);

        Assert.All(Enumerable.Range(0, 500), at => Assert.InRange(simulation[at].Neighbours.Count, 9, 12));
    }

    private static int KnowersOf(GossipSimulation simulation, uint version) =>
        Enumerable.Range(0, simulation.Nodes.Length).Count(at => simulation.Entry(at, 0).Version > version);
}
