using Grid.LoadBalancing;
using Grid.Spi;
using Grid.Testing;
using Xunit.Abstractions;

namespace Grid.Hosting.Tests.LoadBalancing;

public sealed class AdaptiveTests(ITestOutputHelper output)
{
    private static readonly TimeSpan JobTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(700);
    private static readonly SimulatedNode[] OneIsTenTimesSlower = [new(4, 1), new(4, 1), new(4, 1), new(4, 0.1)];

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 1000)]
    [InlineData(3, 64)]
    [InlineData(4, 24)]
    public void A_thousand_jobs_on_four_nodes_of_which_one_is_ten_times_slower_take_at_most_1_3_times_the_ideal(int seed, int inFlightMax)
    {
        var simulation = Simulate(OneIsTenTimesSlower, [new Adaptive(seed)]);
        simulation.Run(100, JobTime, 32); // What ran before tells how fast the nodes are.
        simulation.Rest(Period * 2);

        var ratio = simulation.Run(1000, JobTime, inFlightMax) / simulation.Ideal(1000, JobTime);

        output.WriteLine($"{inFlightMax} in flight, seed {seed}: {ratio:0.00} times the ideal");
        Assert.InRange(ratio, 1, 1.3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Without_any_history_a_bounded_number_in_flight_keeps_the_slow_node_from_delaying_the_rest(int seed)
    {
        var simulation = Simulate(OneIsTenTimesSlower, [new Adaptive(seed)]);

        var ratio = simulation.Run(1000, JobTime, 24) / simulation.Ideal(1000, JobTime);

        output.WriteLine($"no history, 24 in flight, seed {seed}: {ratio:0.00} times the ideal");
        Assert.InRange(ratio, 1, 1.3);
    }

    [Fact]
    public void Turns_would_take_more_than_twice_the_ideal_where_the_adaptive_choice_takes_1_3()
    {
        var simulation = Simulate(OneIsTenTimesSlower, [new RoundRobin()]);

        Assert.True(simulation.Run(1000, JobTime, 1000) > 2 * simulation.Ideal(1000, JobTime));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Fifty_submitters_with_the_same_picture_do_not_choose_the_same_node(int seed)
    {
        SimulatedNode[] nodes = [.. Enumerable.Repeat(new SimulatedNode(10, 1), 10)];
        var simulation = Simulate(nodes, Enumerable.Range(0, 50).Select(i => new Adaptive((seed * 100) + i)));

        simulation.Run(500, JobTime * 100, 500); // All are sent before anything is heard again.

        output.WriteLine(string.Join(" ", simulation.Received));
        Assert.InRange(simulation.Received.Max(), 50, 80);
        Assert.InRange(simulation.Received.Min(), 25, 50);
    }

    [Fact]
    public void A_node_that_says_nothing_is_not_taken_for_idle()
    {
        SimulatedNode[] nodes = [new(2, 1), new(2, 1), new(2, 1), new(2, 1) { IsSilent = true }];
        var simulation = Simulate(nodes, Enumerable.Range(0, 20).Select(i => new Adaptive(i)));
        simulation.Run(200, JobTime, 60);

        simulation.Run(2000, JobTime, 60);

        output.WriteLine(string.Join(" ", simulation.Received));
        Assert.InRange(simulation.Received[3], 1, simulation.Received.Take(3).Min());
    }

    [Fact]
    public void What_is_old_gives_way_to_the_worst_that_is_known()
    {
        var idleOnce = Load(1) with { Metrics = new NodeMetrics { JobsActive = 0, JobsWaiting = 0 } };
        var busyNow = Load(2) with { Metrics = new NodeMetrics { JobsActive = 2, JobsWaiting = 6 } };
        var quietNow = Load(3) with { Metrics = new NodeMetrics { JobsActive = 2, JobsWaiting = 1 } };

        Assert.Equal(1000, Choices([idleOnce, quietNow], 0));
        Assert.InRange(Choices([idleOnce with { Age = TimeSpan.FromMinutes(1) }, quietNow, busyNow], 0), 0, 350);
    }

    [Fact]
    public void Three_jobs_find_the_three_free_slots()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var simulation = Simulate([.. Enumerable.Repeat(new SimulatedNode(1, 1), 3)], [new Adaptive(seed)]);

            simulation.Run(3, JobTime, 3);

            Assert.Equal([1, 1, 1], simulation.Received);
        }
    }

    [Fact]
    public void Own_attempts_that_a_node_has_counted_are_not_counted_twice()
    {
        var own = Load(1) with { InFlight = 4, Metrics = new NodeMetrics { JobsActive = 2, JobsWaiting = 2 }, InFlightCounted = 4 };
        var others = Load(2) with { Metrics = new NodeMetrics { JobsActive = 2, JobsWaiting = 4 } };

        Assert.Equal(1000, Choices([own, others], 0));
    }

    private static int Choices(NodeLoad[] candidates, int wanted)
    {
        var balancer = new Adaptive(5);
        return Enumerable.Range(0, 1000).Count(_ => balancer.Choose(candidates) == wanted);
    }

    private static NodeLoad Load(int id) => new(new NodeInfo { Id = new NodeId((UInt128)id), Name = $"n{id}", Slots = 2 }, 0);

    private static LoadBalancingSimulation Simulate(SimulatedNode[] nodes, IEnumerable<ILoadBalancingSpi> balancers) => new(nodes, balancers, Period, Delay);
}
