using System.Numerics;
using Grid.Kernel.Gossip;
using Xunit.Abstractions;

namespace Grid.Kernel.Tests.Gossip;

public sealed class GossipSpreadTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(10, 1)]
    [InlineData(100, 2)]
    [InlineData(1000, 3)]
    public void A_change_is_known_to_99_percent_within_log2_n_plus_4_periods(int nodes, int seed)
    {
        var simulation = new GossipSimulation(nodes, seed);
        simulation.Run(5);
        var sw = System.Diagnostics.Stopwatch.StartNew();
        var before = simulation.BytesSent;
        var start = simulation.Entry(0, 0).Version;
        for (var p = 1; p <= 25; p++)
        {
            simulation.Run(1);
            var known = Enumerable.Range(0, nodes).Count(at => simulation.Entry(at, 0).Version > start);
            var ages = Enumerable.Range(0, nodes).SelectMany(at => simulation[at].Entries.Select(e => e.Version == 0 ? 99 : e.AgeAt(simulation.Now).TotalSeconds)).Order().ToArray();
            output.WriteLine($"{nodes} period {p}: known {known}, age p50 {ages[ages.Length / 2]:0.0} p99 {ages[ages.Length * 99 / 100]:0.0} max {ages[^1]:0.0} bytes/node/period {(simulation.BytesSent - before) / p / nodes} {sw.ElapsedMilliseconds} ms");
        }
    }
}
