using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grid.Hosting;
using Grid.Samples.ForkJoin;

namespace Grid.Benchmarks.ForkJoin;

/// <summary>
/// Suite <c>forkjoin-nodes</c>: two processes of one worker each count a tree together; one of them counts it alone in the same round. This process submits and waits. What the machine
/// itself gives to two busy processes is shown beside: the tree T1 counted by both at once, each for itself.
/// </summary>
internal static class NodesSuite
{
    private const int Rounds = 2;
    private const int SmallRounds = 5;
    private static readonly string[] Names = ["one", "two"];

    public static async Task<int> RunAsync(string[] args)
    {
        if ((args is [] ? "T1L" : args[0]) is var name && !KnownTree.All.ContainsKey(name))
        {
            await Console.Error.WriteLineAsync($"There is no tree '{name}'. There are {string.Join(", ", KnownTree.All.Keys)}.");
            return 2;
        }

        var ports = FreePorts();
        using var one = await PeerProcess.StartAsync("forkjoin-nodes", Names[0], $"{ports[0]}", $"{ports[0]}");
        using var two = await PeerProcess.StartAsync("forkjoin-nodes", Names[1], $"{ports[1]}", $"{ports[0]}");
        await using var grid = await GridClient.ConnectAsync($"gossip://127.0.0.1:{ports[0]}?cluster={NodesPeer.Cluster}");
        await BothAsync(grid);
        return await MeasureAsync(grid, name);
    }

    private static async Task<int> MeasureAsync(IGrid grid, string name)
    {
        var known = KnownTree.All[name];
        var small = KnownTree.All["T1"];
        var each = Array.ConvertAll(Names, node => grid.Where(NodeSelector.ByName(node)));
        double smallAlone = double.MaxValue, smallEach = double.MaxValue, alone = double.MaxValue, together = double.MaxValue;
        long elsewhere = 0;
        for (var round = 0; round <= SmallRounds; round++)
        {
            // The first round compiles the code.
            var (aloneTime, _) = await CountAsync(each[0], small);
            var times = await Task.WhenAll(each.Select(node => CountAsync(node, small)));
            await CountAsync(grid, small);
            smallAlone = round == 0 ? smallAlone : Math.Min(smallAlone, aloneTime);
            smallEach = round == 0 ? smallEach : Math.Min(smallEach, times.Max(time => time.Seconds));
        }

        for (var round = 0; round < Rounds; round++)
        {
            var (aloneTime, _) = await CountAsync(each[0], known);
            var (togetherTime, shares) = await CountAsync(grid, known);
            alone = Math.Min(alone, aloneTime);
            (together, elsewhere) = togetherTime < together ? (togetherTime, shares.Min(share => share.Value)) : (together, elsewhere);
        }

        return new Report($"Fork/join across processes: tree {name}, {known.Nodes:N0} nodes, best of {Rounds} rounds")
            .Add("two processes, each its own T1", new Report.Figure(2 * small.Nodes / smallEach, "nodes/s"), new Report.Figure(small.Nodes / smallAlone, "nodes/s"))
            .Add("one process, one worker", known.Nodes / alone, "nodes/s")
            .Add("two processes, one worker each", new Report.Figure(known.Nodes / together, "nodes/s"), new Report.Figure(known.Nodes / alone, "nodes/s"), new Report.Target(1.8, IsAtMost: false))
            .Add("counted by the process with fewer", 100.0 * elsewhere / known.Nodes, "%")
            .Print();
    }

    private static async Task<(double Seconds, IReadOnlyDictionary<string, long> Shares)> CountAsync(INodeGroup grid, KnownTree known)
    {
        var start = Stopwatch.GetTimestamp();
        var count = await grid.InvokeAsync(new TreeTask(known.Tree, TreeNode.Root(known.Tree.Seed)));
        var time = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return known.Is(count) ? (time, count.Shares) : throw new InvalidOperationException($"The tree was counted as {count}, published is {known}.");
    }

    private static async Task BothAsync(IGrid grid)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var _ in grid.Topology.ChangesAsync(0, limit.Token))
        {
            if (grid.Nodes.Count == Names.Length)
            {
                return;
            }
        }
    }

    private static int[] FreePorts()
    {
        var listeners = Names.Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Stop());
        return [.. ports];
    }
}
