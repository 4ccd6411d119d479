using System.Diagnostics;
using System.Globalization;
using Grid.Hosting;

namespace Grid.Benchmarks.Placement;

/// <summary>
/// Suite <c>placement</c>: a burst of jobs on a grid of real nodes in this process of which one is ten times slower, beside the ideal for those speeds, with and without second
/// attempts; and short jobs on all of them. Jobs sleep, so that the processors of the measuring machine do not matter.
/// </summary>
internal static class PlacementSuite
{
    private const int Nodes = 4;
    private const int Slots = 4;
    private const int Jobs = 1000;
    private const int JobMs = 20;
    private const int Slowness = 10;

    public static async Task<int> RunAsync()
    {
        var compiling = await RunOnNewGridAsync();
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = Nodes, SlotsPerNode = Slots });
        var idealMs = Jobs * JobMs / (Slots * (Nodes - 1 + (1.0 / Slowness)));
        var (cold, _) = await RunBurstAsync(local.Client, null);
        var (again, alone) = await RunBurstAsync(local.Client, null);
        var (doubled, backed) = await RunBurstAsync(local.Client, new Speculation { Factor = 1.5 });
        var rate = await RateAsync(local.Client);
        return new Report(string.Create(CultureInfo.InvariantCulture, $"{Jobs} jobs of {JobMs} ms on {Nodes} nodes of {Slots} slots, one of them {Slowness} times slower"))
            .Add("makespan of the first burst of the process, while it compiles its code, to the ideal", Ms(compiling), Ms(idealMs))
            .Add("makespan of the first burst of a new grid, which knows nothing of its nodes", Ms(cold), Ms(idealMs), new Report.Target(1.3, IsAtMost: true))
            .Add("makespan of the second", Ms(again), Ms(idealMs))
            .Add("makespan with second attempts", Ms(doubled), Ms(idealMs), new Report.Target(1.3, IsAtMost: true))
            .Add("run time p99, to the median", Ms(Percentile(alone, 0.99)), Ms(Percentile(alone, 0.5)))
            .Add("run time p99 with second attempts, to the median", Ms(Percentile(backed, 0.99)), Ms(Percentile(backed, 0.5)), new Report.Target(1.5, IsAtMost: true))
            .Add("no-op jobs of one map on all nodes", rate, "/s")
            .Print();
    }

    private static async Task<double> RunOnNewGridAsync()
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = Nodes, SlotsPerNode = Slots });
        return (await RunBurstAsync(local.Client, null)).MakespanMs;
    }

    /// <returns>The makespan, and how long the attempts ran whose results counted, in milliseconds.</returns>
    private static async Task<(double MakespanMs, double[] RunMs)> RunBurstAsync(IGrid grid, Speculation? speculation)
    {
        var clock = Stopwatch.StartNew();
        var runs = await grid.With(new JobOptions { Speculate = speculation }).MapAsync(Enumerable.Repeat(JobMs, Jobs), static ms =>
        {
            var job = JobContext.Current!;
            var began = Stopwatch.GetTimestamp();
            job.CancellationToken.WaitHandle.WaitOne(job.Node.Name == "node-1" ? ms * Slowness : ms);
            job.CancellationToken.ThrowIfCancellationRequested();
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        });
        return (clock.Elapsed.TotalMilliseconds, runs);
    }

    private static async Task<double> RateAsync(IGrid grid)
    {
        const int Items = 200_000;
        await grid.MapAsync(Enumerable.Range(0, Items), static x => x);
        var clock = Stopwatch.StartNew();
        await grid.MapAsync(Enumerable.Range(0, Items), static x => x);
        return Items / clock.Elapsed.TotalSeconds;
    }

    private static double Percentile(double[] values, double share) => values.Order().ElementAt((int)(share * (values.Length - 1)));

    private static Report.Figure Ms(double value) => new(value, "ms");
}
