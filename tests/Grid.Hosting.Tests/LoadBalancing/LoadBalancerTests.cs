using Grid.LoadBalancing;
using Grid.Spi;

namespace Grid.Hosting.Tests.LoadBalancing;

public sealed class LoadBalancerTests
{
    [Fact]
    public void Round_robin_takes_every_candidate_in_turn()
    {
        var balancer = new RoundRobin();
        var candidates = Loads((9, 1), (0, 1), (0, 1));

        Assert.Equal([0, 1, 2, 0, 1, 2, 0], Enumerable.Range(0, 7).Select(_ => balancer.Choose(candidates)));
    }

    [Fact]
    public void Round_robin_shares_evenly_among_threads()
    {
        var balancer = new RoundRobin();
        var candidates = Loads((0, 1), (0, 1), (0, 1), (0, 1));
        var counts = new int[4];

        Parallel.For(0, 40_000, _ => Interlocked.Increment(ref counts[balancer.Choose(candidates)]));

        Assert.Equal([10_000, 10_000, 10_000, 10_000], counts);
    }

    [Theory]
    [InlineData(2, new[] { 5, 3, 1 }, new[] { 1, 1, 1 })]
    [InlineData(0, new[] { 5, 3, 1 }, new[] { 16, 1, 1 })]
    [InlineData(1, new[] { int.MaxValue, int.MaxValue - 1 }, new[] { 4096, 4096 })]
    [InlineData(1, new[] { 1, 0 }, new[] { 4096, 0 })]
    [InlineData(0, new[] { 7 }, new[] { 1 })]
    public void Least_in_flight_takes_the_fewest_per_slot_wherever_it_starts(int expected, int[] inFlight, int[] slots)
    {
        var balancer = new LeastInFlight();
        var candidates = Loads([.. inFlight.Zip(slots)]);

        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(expected, balancer.Choose(candidates)));
    }

    [Fact]
    public void Least_in_flight_shares_among_equals()
    {
        var balancer = new LeastInFlight();
        var candidates = Loads((2, 1), (1, 1), (4, 4), (2, 1));

        var chosen = Enumerable.Range(0, 8).Select(_ => balancer.Choose(candidates)).ToArray();

        Assert.Equal([1, 2], chosen.Distinct().Order());
    }

    [Fact]
    public void Weighted_random_draws_in_proportion_to_slots()
    {
        var balancer = new WeightedRandom(3);
        var candidates = Loads((9, 1), (0, 3), (0, 0));
        var counts = new int[3];
        for (var i = 0; i < 10_000; i++)
        {
            counts[balancer.Choose(candidates)]++;
        }

        Assert.Equal([2, 6, 2], counts.Select(count => (int)Math.Round(count / 1000.0)));
    }

    private static NodeLoad[] Loads(params (int InFlight, int Slots)[] loads) =>
        [.. loads.Select((load, index) => new NodeLoad(new NodeInfo { Id = new NodeId((UInt128)(index + 1)), Name = $"n{index}", Slots = load.Slots }, load.InFlight))];
}
