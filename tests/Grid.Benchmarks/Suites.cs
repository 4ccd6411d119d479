using Grid.Benchmarks.Calls;
using Grid.Benchmarks.Floor;
using Grid.Benchmarks.Links;
using Grid.Benchmarks.WordCounts;

namespace Grid.Benchmarks;

/// <summary>All suites by name. A suite takes the rest of the command line and returns an exit code.</summary>
internal static class Suites
{
    public const string StartupName = "startup";
    public const string ForkJoinName = "forkjoin";
    public const string ZooKeeperName = "zookeeper";

    private static readonly SortedDictionary<string, (string Help, Func<string[], Task<int>> Run)> All = new(StringComparer.Ordinal)
    {
        ["calls"] = ("closures between two processes: round trip, rate, large arguments, allocation; \"calls rate\" and \"calls large\" alone, for a profiler", CallsSuite.RunAsync),
        [ForkJoinName] = ("fib without cutoff: time and bytes per fork beside Java's ForkJoinPool and .NET tasks; what an idle node costs", _ => ForkJoin.ForkJoinSuite.RunAsync()),
        ["forkjoin-nodes"] = ("a tree (T1L, or the one named) counted by two processes of one worker each, beside one of them", ForkJoin.NodesSuite.RunAsync),
        ["gossip"] = ("what metrics cost: a sample, a node's traffic and processor time by cluster size, a choice of a node", _ => Task.FromResult(Gossip.GossipSuite.Run())),
        ["placement"] = ("a burst of jobs on nodes of which one is ten times slower: makespan and run times, with and without second attempts; no-op jobs on all", _ => Placement.PlacementSuite.RunAsync()),
        ["serialization"] = ("object graphs beside System.Text.Json, and closures", Serialization.SerializationSuite.RunAsync),
        [StartupName] = ("grid node until it is ready and a client until its first result, beside an empty program", _ => Startup.StartupSuite.RunAsync()),
        ["wordcount"] = ("the WordCount sample's job on 1 to 3 nodes beside one thread without a grid", _ => WordCountSuite.RunAsync()),
        [ZooKeeperName] = ("ZooKeeper client: reads, writes, watches, beside a bare socket loop and the Java client", ZooKeeper.ZooKeeperSuite.RunAsync),
        ["zookeeper-herd"] = ("ZooKeeper discovery: many members join at once, one joins, all but one leave", ZooKeeperHerd.HerdSuite.RunAsync),
        ["floor"] = ("what this machine's sockets can do between two processes", _ => FloorSuite.RunAsync()),
        ["link"] = ("the bare link code beside that floor: round trip, rate, large payloads; the same over TLS", _ => LinkSuite.RunAsync()),
    };

    /// <summary>Roles of the second process of suites that measure between two; not listed in the help.</summary>
    private static readonly Dictionary<string, Func<string[], Task<int>>> Peers = new(StringComparer.Ordinal)
    {
        ["calls"] = _ => CallsNode.RunWorkerAsync(),
        ["floor"] = FloorPeer.RunAsync,
        ["forkjoin-nodes"] = ForkJoin.NodesPeer.RunAsync,
        ["link"] = LinkPeer.RunAsync,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [PeerProcess.Role, var role, .. var peerArgs] && Peers.TryGetValue(role, out var peer))
        {
            return await peer(peerArgs);
        }

        if (args is [var name, .. var rest] && All.TryGetValue(name, out var suite))
        {
            return await suite.Run(rest);
        }

        await Console.Error.WriteLineAsync("usage: Grid.Benchmarks [--runtime-defaults] <suite> [options]\n\nsuites:");
        foreach (var (suiteName, (help, _)) in All)
        {
            await Console.Error.WriteLineAsync($"  {suiteName,-14} {help}");
        }

        return 2;
    }
}
