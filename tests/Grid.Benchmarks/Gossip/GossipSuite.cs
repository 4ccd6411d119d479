using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Grid.Kernel.Gossip.Sampling;
using Grid.Kernel.Tests.Gossip;
using Grid.LoadBalancing;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Benchmarks.Gossip;

/// <summary>Suite <c>gossip</c>: what it costs to measure a node, to spread the figures, and to place a job by them.</summary>
internal static class GossipSuite
{
    private const int WarmPeriods = 4;

    public static int Run()
    {
        MeasureSample();
        foreach (var nodes in (int[])[10, 100, 1000])
        {
            MeasureSpread(nodes);
        }

        foreach (var nodes in (int[])[4, 100, 1000])
        {
            MeasureChoice(nodes);
        }

        MeasureMakespan();
        return 0;
    }

    private static void MeasureSample()
    {
        const int Samples = 2000;
        using var machine = MachineSource.OfThisSystem();
        var sampler = new NodeSampler([machine, new RuntimeSource(TimeProvider.System)]);
        var now = TimeSpan.Zero;
        sampler.Measure(now);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < Samples; i++)
        {
            sampler.Measure(now += TimeSpan.FromSeconds(1));
        }

        var micros = Stopwatch.GetElapsedTime(began).TotalMicroseconds / Samples;
        Print($"sample of a node: {micros:0.0} us, {(GC.GetAllocatedBytesForCurrentThread() - before) / Samples} bytes allocated");
    }

    private static void MeasureSpread(int nodes)
    {
        var simulation = new GossipSimulation(nodes, seed: 1);
        simulation.Run(WarmPeriods);
        var before = simulation.Entry(0, 0).Version;
        var (bytes, began, periods, reached) = (simulation.BytesSent, Stopwatch.GetTimestamp(), 0, 0);
        var most = BitOperations.Log2((uint)((2 * nodes) - 1)) + 4;
        for (; periods < most; periods++)
        {
            simulation.Run(1);
            reached = reached == 0 && KnowersOf(simulation, before) >= 0.99 * nodes ? periods + 1 : reached;
        }

        var micros = Stopwatch.GetElapsedTime(began).TotalMicroseconds / periods / nodes;
        Print($"{nodes} nodes, every figure changing: 99 % know after {reached} periods (limit {most}); {(simulation.BytesSent - bytes) / periods / nodes} bytes sent and {micros:0} us per node and period");
    }

    private static int KnowersOf(GossipSimulation simulation, uint version) =>
        Enumerable.Range(0, simulation.Nodes.Length).Count(at => simulation.Entry(at, 0).Version > version);

    private static void MeasureChoice(int nodes)
    {
        const int Choices = 200_000;
        var balancer = new Adaptive(1);
        NodeLoad[] free = [.. Enumerable.Range(1, nodes).Select(id => Load(id, active: 0))];
        NodeLoad[] busy = [.. Enumerable.Range(1, nodes).Select(id => Load(id, active: 9))];
        Time(balancer, free, Choices); // Until the code is compiled for good.
        Time(balancer, busy, Choices);
        Print($"a choice among {nodes}: {Time(balancer, free, Choices):0} ns with free slots, {Time(balancer, busy, Choices):0} ns when all are busy");
    }

    private static double Time(Adaptive balancer, NodeLoad[] candidates, int choices)
    {
        var sum = 0L;
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < choices; i++)
        {
            sum += balancer.Choose(candidates);
        }

        return sum >= 0 ? Stopwatch.GetElapsedTime(began).TotalNanoseconds / choices : 0;
    }

    private static NodeLoad Load(int id, int active) => new(new NodeInfo { Id = new NodeId((UInt128)id), Name = $"n{id}", Slots = 4 }, 0)
    {
        Metrics = new NodeMetrics { JobsActive = active, JobsWaiting = 0, RunTimeP50Ms = 5 },
    };

    /// <summary>A thousand jobs of 100 ms on four nodes of four slots, one of them ten times slower, in virtual time.</summary>
    private static void MeasureMakespan()
    {
        foreach (var (name, make) in new (string, Func<ILoadBalancingSpi>)[] { ("Adaptive", () => new Adaptive(1)), ("LeastInFlight", () => new LeastInFlight()), ("RoundRobin", () => new RoundRobin()) })
        {
            var (cold, bounded, warm) = (Makespan(make(), 0, 1000), Makespan(make(), 0, 24), Makespan(make(), 100, 1000));
            Print($"{name}, makespan to the ideal: {cold:0.00} all at once without history, {bounded:0.00} with 24 in flight, {warm:0.00} all at once after 100 others");
        }
    }

    private static double Makespan(ILoadBalancingSpi balancer, int history, int inFlightMax)
    {
        var jobTime = TimeSpan.FromMilliseconds(100);
        var simulation = new LoadBalancingSimulation([new(4, 1), new(4, 1), new(4, 1), new(4, 0.1)], [balancer], TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(700));
        simulation.Run(history, jobTime, 32);
        simulation.Rest(TimeSpan.FromSeconds(2));
        return simulation.Run(1000, jobTime, inFlightMax) / simulation.Ideal(1000, jobTime);
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
