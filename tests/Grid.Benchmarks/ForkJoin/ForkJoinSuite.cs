using System.Diagnostics;
using Grid.Hosting;

namespace Grid.Benchmarks.ForkJoin;

/// <summary>
/// Suite <c>forkjoin</c>: fib(32) without cutoff on one node, through the public API, beside Java's ForkJoinPool with as many threads, Task.Run and Parallel.Invoke in the same run.
/// </summary>
internal static class ForkJoinSuite
{
    private const int N = 32;

    // What tasks of the .NET library take long for; the time per fork does not depend on it.
    private const int SmallN = 27;
    private const int Rounds = 15;
    private const int IdleWorkers = 8;
    private const double IdleSeconds = 5;

    public static async Task<int> RunAsync()
    {
        var report = new Report($"Fork/join: fib({N}) without cutoff, {FibTask.ForksOf(N):N0} forks, median of {Rounds} runs; floor: Java's RecursiveAction of as many threads");
        foreach (var threads in (int[])[1, 2])
        {
            await AddForksAsync(report, threads);
        }

        report.Add("Task.Run, 1 call at a time", Median(() => TaskFib(SmallN).GetAwaiter().GetResult(), SmallN), "ns/fork");
        report.Add("Parallel.Invoke", Median(() => ParallelFib(SmallN), SmallN), "ns/fork");
        await AddIdleAsync(report);
        return report.Print();
    }

    private static async Task AddForksAsync(Report report, int threads)
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 1, SlotsPerNode = threads });
        var (ours, bytes) = await MeasureAsync(local.Client);
        var name = $"grid, {threads} worker{(threads == 1 ? "" : "s")}";
        var (java, reason) = await JavaFib.RunAsync(N, threads, Rounds);
        if (java is { } floor)
        {
            report.Add(name, new Report.Figure(ours, "ns/fork"), new Report.Figure(floor.Action, "ns/fork"), new Report.Target(0.8, IsAtMost: true));
            report.Add($"Java, RecursiveTask of Long, {threads}", floor.Task, "ns/fork");
        }
        else
        {
            report.Add($"{name} (no Java beside it: {reason})", ours, "ns/fork");
        }

        // Two tasks per fork: the one that is forked and the one that is invoked.
        report.Add($"{name}: allocated, to two task objects", new Report.Figure(bytes, "B/fork"), new Report.Figure(2 * TaskBytes(), "B"), new Report.Target(1.001, IsAtMost: true));
    }

    private static async Task<(double Nanoseconds, double Bytes)> MeasureAsync(INodeGroup grid)
    {
        var forks = FibTask.ForksOf(N);
        var times = new List<double>();
        var bytes = double.MaxValue;
        for (var round = -Rounds; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            await grid.InvokeAsync(new FibTask(N));
            var time = Stopwatch.GetElapsedTime(start);
            if (round >= 0)
            {
                times.Add(time.TotalNanoseconds / forks);
                bytes = Math.Min(bytes, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)forks);
            }
        }

        times.Sort();
        return (times[Rounds / 2], bytes);
    }

    private static long TaskBytes()
    {
        const int Count = 1000;
        var tasks = new FibTask[Count];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Count; i++)
        {
            tasks[i] = new FibTask(i);
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        GC.KeepAlive(tasks);
        return bytes;
    }

    /// <summary>The processor time of a node whose workers have all worked and have nothing to do now.</summary>
    private static async Task AddIdleAsync(Report report)
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 1, SlotsPerNode = IdleWorkers });
        await local.Client.InvokeAsync(new FibTask(N));
        await Task.Delay(TimeSpan.FromSeconds(1));
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(IdleSeconds));
        var used = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        report.Add($"idle node of {IdleWorkers} workers, to one core", new Report.Figure(100 * used / IdleSeconds, "%"), new Report.Figure(100, "%"), new Report.Target(0.01, IsAtMost: true));
    }

    private static double Median(Func<long> compute, int n)
    {
        var forks = FibTask.ForksOf(n);
        var times = new List<double>();
        for (var round = -Rounds; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            compute();
            if (round >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / forks);
            }
        }

        times.Sort();
        return times[Rounds / 2];
    }

    private static async Task<long> TaskFib(int n)
    {
        if (n < 2)
        {
            return n;
        }

        var left = Task.Run(() => TaskFib(n - 1));
        var right = await TaskFib(n - 2);
        return right + await left;
    }

    private static long ParallelFib(int n)
    {
        if (n < 2)
        {
            return n;
        }

        long left = 0, right = 0;
        Parallel.Invoke(() => left = ParallelFib(n - 1), () => right = ParallelFib(n - 2));
        return left + right;
    }
}
