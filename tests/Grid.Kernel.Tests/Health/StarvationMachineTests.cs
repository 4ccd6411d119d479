using Grid.Kernel.Health;

namespace Grid.Kernel.Tests.Health;

public sealed class StarvationMachineTests
{
    private const int Slots = 2;
    private static readonly HealthOptions Options = new() { StarvedAfter = Seconds(3), RecoveredAfter = Seconds(2), PoolDelayMax = Seconds(1) };
    private readonly StarvationMachine _machine = new(Options, Slots);

    [Fact]
    public void A_node_whose_lanes_are_all_blocked_for_long_starves()
    {
        Assert.Equal(NodeStarvation.None, Feed(0, blocked: Slots));
        Assert.Equal(NodeStarvation.None, Feed(2, blocked: Slots));
        Assert.Equal(NodeStarvation.JobLanes, Feed(3, blocked: Slots));
    }

    [Fact]
    public void A_node_with_one_lane_that_is_not_blocked_does_not_starve()
    {
        for (var second = 0; second < 60; second++)
        {
            Assert.Equal(NodeStarvation.None, Feed(second, blocked: Slots - 1));
        }
    }

    [Fact]
    public void A_node_whose_blocking_jobs_end_now_and_then_does_not_starve()
    {
        for (var second = 0; second < 60; second++)
        {
            Assert.Equal(NodeStarvation.None, Feed(second, blocked: Slots, ended: second / 2));
        }
    }

    [Fact]
    public void A_node_that_starved_is_well_only_after_it_went_well_for_a_while()
    {
        Feed(0, blocked: Slots);
        Feed(3, blocked: Slots);

        Assert.Equal(NodeStarvation.JobLanes, Feed(4, blocked: 0, ended: 1));
        Assert.Equal(NodeStarvation.JobLanes, Feed(5, blocked: 0, ended: 2));
        Assert.Equal(NodeStarvation.None, Feed(6, blocked: 0, ended: 3));
    }

    [Fact]
    public void A_relapse_starts_the_while_anew()
    {
        Feed(0, blocked: Slots);
        Feed(3, blocked: Slots);
        Feed(4, blocked: 0, ended: 1);
        Feed(5, blocked: Slots, ended: 1);

        Assert.Equal(NodeStarvation.JobLanes, Feed(6, blocked: 0, ended: 2));
        Assert.Equal(NodeStarvation.None, Feed(8, blocked: 0, ended: 3));
    }

    [Fact]
    public void A_pool_that_takes_up_no_work_starves_at_once_and_recovers_below_a_quarter()
    {
        Assert.Equal(NodeStarvation.ThreadPool, Feed(0, delay: 1.0));
        Assert.Equal(NodeStarvation.ThreadPool, Feed(1, delay: 0.5));
        Assert.Equal(NodeStarvation.ThreadPool, Feed(20, delay: 0.5));
        Assert.Equal(NodeStarvation.ThreadPool, Feed(21, delay: 0.1));
        Assert.Equal(NodeStarvation.None, Feed(23, delay: 0.1));
    }

    [Fact]
    public void A_client_has_no_lanes_that_could_starve()
    {
        var client = new StarvationMachine(Options, slots: 0);

        client.OnFigures(new WorkFigures(0, 0, null), Seconds(0));
        Assert.Equal(NodeStarvation.None, client.OnFigures(new WorkFigures(0, 0, null), Seconds(10)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_the_figures_it_never_starves_sooner_nor_recovers_sooner_than_it_may(int seed)
    {
        var random = new Random(seed);
        var (stuckFor, changedAt, was, ended, lastEnded) = (0, -100, NodeStarvation.None, 0L, 0L);
        for (var second = 0; second < 10_000; second++)
        {
            var blocked = random.Next(4) == 0 ? 0 : Slots;
            ended += random.Next(8) == 0 ? 1 : 0;
            stuckFor = blocked >= Slots && ended == lastEnded ? stuckFor + 1 : 0;
            lastEnded = ended;
            var now = Feed(second, blocked, ended);
            Assert.True(now == was || now == NodeStarvation.None || stuckFor > 3, $"seed {seed}: starved at {second} after {stuckFor} samples");
            Assert.True(now == was || now != NodeStarvation.None || second - changedAt >= 2, $"seed {seed}: recovered at {second}");
            changedAt = now == was ? changedAt : second;
            was = now;
        }
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private NodeStarvation Feed(double second, int blocked = 0, long ended = 0, double? delay = null) =>
        _machine.OnFigures(new WorkFigures(blocked, ended, delay is { } known ? Seconds(known) : null), Seconds(second));
}
