using System.Diagnostics;
using Grid.Hosting;
using Grid.Samples.ForkJoin;

namespace Grid.Benchmarks.ForkJoin;

/// <summary>
/// Suite <c>forkjoin</c>: fib(32) without cutoff on one node, through the public API, beside Java's ForkJoinPool with as many threads, Task.Run and Parallel.Invoke in the same run;
/// the trees T1 and T5 of the ForkJoin sample beside a plain recursion, by nodes in this process and threads of each; what a node with nothing to do costs.
/// </summary>
internal static class ForkJoinSuite
{
    private const int N = 32;

    // What tasks of the .NET library take long for; the time per fork does not depend on it.
    private const int SmallN = 27;
    private const int Rounds = 15;
    private const int TreeRounds = 5;
    private const int WakeRounds = 301;
    private const int IdleWorkers = 8;
    private const int IdleRounds = 3;
    private const double IdleSeconds = 3;
    private static readonly (int Nodes, int Threads)[] TreeGrids = [(1, 1), (1, 2), (2, 1)];

    public static async Task<int> RunAsync()
    {
        var report = new Report($"Fork/join: fib({N}) without cutoff, {FibTask.ForksOf(N):N0} forks, best of {Rounds} rounds; floor of ns/fork: Java's RecursiveAction, round by round");
        foreach (var threads in (int[])[1, 2])
        {
            await AddForksAsync(report, threads);
        }

        report.Add("Task.Run", Best(() => TaskFib(SmallN).GetAwaiter().GetResult(), SmallN), "ns/fork");
        report.Add("Parallel.Invoke", Best(() => ParallelFib(SmallN), SmallN), "ns/fork");
        await AddTreesAsync(report);
        await AddWakeAsync(report);
        await AddIdleAsync(report);
        return report.Print();
    }

    private static async Task AddForksAsync(Report report, int threads)
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 1, SlotsPerNode = threads });
        var folder = Directory.CreateTempSubdirectory("grid-bench-java-");
        try
        {
            using var java = await JavaFib.TryStartAsync(N, threads, folder.FullName);
            await AddForksAsync(report, local.Client, java, $"grid of {threads}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The best of the rounds: a machine that is busy with other things makes some of them longer and none shorter.
    private static async Task AddForksAsync(Report report, INodeGroup grid, JavaFib? java, string name)
    {
        double ours = double.MaxValue, bytes = double.MaxValue, action = double.MaxValue, task = double.MaxValue;
        var collections = 0;
        for (var round = -Rounds; round < Rounds; round++)
        {
            var before = GC.CollectionCount(0);
            var (time, allocated) = await RunRoundAsync(grid);
            collections = GC.CollectionCount(0) - before;
            var javas = java is null ? default : await java.RunRoundAsync();
            if (round >= 0)
            {
                (ours, bytes) = (Math.Min(ours, time), Math.Min(bytes, allocated));
                (action, task) = (Math.Min(action, javas.Action), Math.Min(task, javas.Task));
            }
        }

        if (java is null)
        {
            report.Add($"{name} (javac is not installed)", ours, "ns/fork");
        }
        else
        {
            report.Add(name, new Report.Figure(ours, "ns/fork"), new Report.Figure(action, "ns/fork"), new Report.Target(0.8, IsAtMost: true));
            report.Add("Java, Long", task, "ns/fork");
        }

        report.Add($"{name}, collections", collections, "a round");

        // Two tasks per fork: the one that is forked and the one that is invoked.
        report.Add($"{name}, allocated", new Report.Figure(bytes, "B/fork"), new Report.Figure(2 * TaskBytes(), "B"), new Report.Target(1.001, IsAtMost: true));
    }

    private static async Task<(double Nanoseconds, double Bytes)> RunRoundAsync(INodeGroup grid)
    {
        var forks = FibTask.ForksOf(N);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await grid.InvokeAsync(new FibTask(N));
        var time = Stopwatch.GetElapsedTime(start);
        return (time.TotalNanoseconds / forks, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)forks);
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

    private static async Task AddTreesAsync(Report report)
    {
        foreach (var name in (string[])["T1", "T5"])
        {
            var known = KnownTree.All[name];
            var plain = await NodesPerSecondAsync(known, () => Task.FromResult(CountPlainly(known.Tree, TreeNode.Root(known.Tree.Seed))));
            foreach (var (nodes, threads) in TreeGrids)
            {
                await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = nodes, SlotsPerNode = threads });
                var rate = await NodesPerSecondAsync(known, () => local.Client.InvokeAsync(new TreeTask(known.Tree, TreeNode.Root(known.Tree.Seed))));
                report.Add($"tree {name} on {nodes} x {threads}, plain", new Report.Figure(rate, "nodes/s"), new Report.Figure(plain, "nodes/s"));
            }
        }
    }

    private static async Task<double> NodesPerSecondAsync(KnownTree known, Func<Task<TreeCount>> count)
    {
        var best = 0.0;
        for (var round = 0; round < TreeRounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            var counted = await count();
            best = Math.Max(best, counted.Nodes / Stopwatch.GetElapsedTime(start).TotalSeconds);
            if (!known.Is(counted))
            {
                throw new InvalidOperationException($"The tree was counted as {counted}, published is {known}.");
            }
        }

        return best;
    }

    private static TreeCount CountPlainly(Tree tree, TreeNode node)
    {
        var children = tree.ChildrenOf(in node);
        var count = TreeCount.OfOne(node.Height, isLeaf: children == 0, "here");
        for (var i = 0; i < children; i++)
        {
            count = count.Plus(CountPlainly(tree, node.Child(i)));
        }

        return count;
    }

    private static async Task AddWakeAsync(Report report)
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 1, SlotsPerNode = 2 });
        var microseconds = await local.Client.InvokeAsync(new WakeTask(WakeRounds));
        report.Add("fork to a sleeping worker, best", microseconds[0], "us");
        report.Add("fork to a sleeping worker, median", microseconds[WakeRounds / 2], "us");
    }

    /// <summary>The processor time of a node whose workers have all worked and have nothing to do now.</summary>
    private static async Task AddIdleAsync(Report report)
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 1, SlotsPerNode = IdleWorkers });
        await local.Client.InvokeAsync(new FibTask(N));
        var used = double.MaxValue;
        for (var round = 0; round < IdleRounds; round++)
        {
            // The runtime goes on compiling what was used for a while: that is not rest.
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            await Task.Delay(TimeSpan.FromSeconds(IdleSeconds));
            used = Math.Min(used, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds);
        }

        report.Add($"{IdleWorkers} idle workers", new Report.Figure(100 * used / IdleSeconds, "%"), new Report.Figure(100, "%"), new Report.Target(0.01, IsAtMost: true));
    }

    private static double Best(Func<long> compute, int n)
    {
        var best = double.MaxValue;
        for (var round = -Rounds; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            compute();
            best = round < 0 ? best : Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        return best / FibTask.ForksOf(n);
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
