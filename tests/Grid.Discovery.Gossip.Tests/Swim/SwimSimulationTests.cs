using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace Grid.Discovery.Gossip.Tests.Swim;

/// <summary>
/// 500 machines in virtual time. GRID_SWIM_SECONDS sets the length of the quiet run (default 30; the acceptance is 3600), GRID_SWIM_SEED the seed,
/// GRID_SWIM_STALL_MS how long a slow node stands still at most (default 5000, which the shortest suspicion, 10.8 s at that size, covers twice).
/// </summary>
public sealed class SwimSimulationTests(ITestOutputHelper output)
{
    private const int Nodes = 500;
    private const int Slow = 50;
    private const double Loss = 0.1;
    private static readonly int Seed = Setting("GRID_SWIM_SEED", 20180625);
    private static readonly TimeSpan StallMax = TimeSpan.FromMilliseconds(Setting("GRID_SWIM_STALL_MS", 5000));
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(Setting("GRID_SWIM_SECONDS", 30));

    [Fact]
    public void Nobody_is_removed_falsely_while_packets_are_lost_and_nodes_stand_still()
    {
        var simulation = new SwimSimulation(Nodes, Loss, Slow, Seed, StallMax);

        simulation.RunUntil(Length);

        output.WriteLine(
            $"seed {Seed}: {Length} of virtual time, {simulation.Packets} packets ({simulation.Packets / Length.TotalSeconds / Nodes:f2} per node and s), "
            + $"{simulation.Suspicions} suspicions told, news per packet {simulation.PacketBytesSum / (double)simulation.Packets:f0} bytes on average and {simulation.PacketBytesMax} at most, "
            + $"removed: {string.Join(", ", simulation.FalselyRemoved)}");
        Assert.Empty(simulation.FalselyRemoved);
        Assert.All(simulation.Machines, machine => Assert.Equal(Nodes - 1, machine.Table.Live.Count));
        Assert.True(simulation.Suspicions > 0, "Nobody was ever suspected, so the run shows nothing.");
    }

    [Fact]
    public void A_crash_is_known_to_all_within_the_bound_of_the_formula()
    {
        var simulation = new SwimSimulation(Nodes, Loss, Slow, Seed + 1);
        simulation.RunUntil(TimeSpan.FromSeconds(20));
        var crashedAt = simulation.Now;
        var settings = simulation.Settings;

        // Nobody chose it in 12 rounds: probability e^-12. The round that finds it may last twice as long at a node that doubts itself. Then the suspicion, and the news of
        // the death: as many gossip rounds as an update is sent, and what still missed it learns it by an exchange.
        var bound = (settings.ProbeInterval * 14) + settings.SuspicionMax(Nodes) + (settings.GossipInterval * settings.RetransmitMax(Nodes)) + (settings.PushPullInterval * 1.5);
        simulation.Crash(Nodes - 1);
        simulation.RunUntil(crashedAt + bound, () => simulation.Learnt.Count == Nodes - 1);

        var times = simulation.Learnt.Values.Order().ToArray();
        output.WriteLine($"seed {Seed + 1}: bound {bound}; {times.Length} learnt it" + (times.Length == 0 ? "" : $", first after {times[0] - crashedAt}, last after {times[^1] - crashedAt}"));
        Assert.Equal(Nodes - 1, times.Length);
        Assert.Empty(simulation.FalselyRemoved);
    }

    private static int Setting(string name, int fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
