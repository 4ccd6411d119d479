using System.Diagnostics;
using System.Globalization;
using Grid.Discovery.ZooKeeper;
using Grid.Testing.ZooKeeper;
using Spectre.Console;

namespace Grid.Benchmarks.ZooKeeperHerd;

/// <summary>
/// Many members on one server, all in this process: they join at once, one joins, all but one leave. Counts requests and takes times, beside bare sockets that do the least of it. The server's
/// accept backlog is raised: with its default of 50, a thousand connections at once are a test of TCP's retransmission.
/// </summary>
internal static class HerdSuite
{
    /// <summary>Between two steps, so that each is measured alone.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);
    private const int Rehearsals = 2;
    private const long UncollectedBytesMax = 4L << 30;
    private const int PageBytes = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var count = args is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 1000;
        await using var servers = await ZooKeeperServers.StartAsync("--tick", "1000", "--jvm", "-Xmx1g", "--config", "clientPortListenBacklog=4096");
        var options = new ZooKeeperDiscoveryOptions { ConnectionString = servers.ConnectString, Cluster = "herd", SessionTimeout = TimeSpan.FromSeconds(30) };
        for (var rehearsal = 0; rehearsal < Rehearsals; rehearsal++)
        {
            await RehearseAsync(servers.ConnectString, $"rehearsal-{rehearsal}", count);
        }

        var members = Enumerable.Range(0, count).Select(i => new HerdMember(options, i)).ToArray();
        await MeasureFloorAsync(servers.ConnectString, "/floor-rehearsal", members[0].Record, count);
        var floor = await MeasureFloorAsync(servers.ConnectString, "/floor", members[0].Record, count);
        await CalmAsync();
        // A thousand members in one process share one collector; on their own machines each has its 1 MB to itself. So this process puts collection off.
        var isFreeOfGc = args is not [_, "gc"] && TryPutCollectionOff();
        AnsiConsole.WriteLine(isFreeOfGc ? "without garbage collection" : "with garbage collection");
        var table = new Table().AddColumns("step", "members", "all know after", "target", "times the floor", "requests per member", "most", "CPU of all members", "allocated", "GC pauses");
        await JoinAtOnceAsync(members, floor.AllJoin, table);
        await CalmAsync();
        var late = new HerdMember(options, count);
        await JoinOneAsync([.. members, late], floor.OneJoins, table);
        await CalmAsync();
        await LeaveAsync([.. members, late], table);
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"The floor: bare sockets that send the same requests and decode nothing: all join {floor.AllJoin.TotalSeconds:0.000} s, one joins {floor.OneJoins.TotalSeconds:0.000} s."));
        await Task.WhenAll(members.Append(late).Select(member => member.DisposeAsync().AsTask()));
        return 0;
    }

    private static async Task<(TimeSpan AllJoin, TimeSpan OneJoins)> MeasureFloorAsync(string connectString, string root, byte[] record, int count)
    {
        using var herd = await BareHerd.CreateAsync(connectString, root, record, count);
        var allJoin = herd.JoinAtOnce();
        await CalmAsync();
        return (allJoin, herd.JoinOne());
    }

    /// <summary>The memory is touched first, or every few thousand bytes allocated would cost a page fault, as no member on a machine of its own pays it.</summary>
    private static bool TryPutCollectionOff()
    {
        TouchMemory();
        GC.Collect();
        return GC.TryStartNoGCRegion(UncollectedBytesMax);
    }

    private static void TouchMemory()
    {
        var blocks = new byte[UncollectedBytesMax / (16 * PageBytes)][];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = new byte[15 * PageBytes];
            for (var page = 0; page < blocks[i].Length; page += PageBytes)
            {
                blocks[i][page] = 1;
            }
        }
    }

    private static async Task CalmAsync()
    {
        using var timer = new PeriodicTimer(Calm);
        await timer.WaitForNextTickAsync();
    }

    /// <summary>The same in another cluster: on a cold start the two compilers, the server's and this process's, take a third of the machine.</summary>
    private static async Task RehearseAsync(string connectString, string cluster, int count)
    {
        var options = new ZooKeeperDiscoveryOptions { ConnectionString = connectString, Cluster = cluster, SessionTimeout = TimeSpan.FromSeconds(30) };
        var members = Enumerable.Range(0, count).Select(i => new HerdMember(options, i)).ToArray();
        await Task.WhenAll(members.Select(member => member.JoinAsync()));
        await UntilAllKnowAsync(members, members.Length);
        await Task.WhenAll(members.Select(member => member.LeaveAsync()));
    }

    private static async Task JoinAtOnceAsync(HerdMember[] members, TimeSpan floor, Table table)
    {
        var since = Stopwatch.GetTimestamp();
        await Task.WhenAll(members.Select(member => member.JoinAsync()));
        var registered = Stopwatch.GetElapsedTime(since);
        await UntilAllKnowAsync(members, members.Length);
        Add(table, $"all join at once (registered after {registered.TotalSeconds:0.00} s)", (Stopwatch.GetElapsedTime(since), "3 s", floor), [.. members.Select(member => member.Requests)]);
        var first = members[0].Members;
        var equal = members.All(member => member.Members.SequenceEqual(first));
        AnsiConsole.WriteLine(equal ? "all views are equal" : "VIEWS DIFFER");
    }

    private static async Task JoinOneAsync(HerdMember[] members, TimeSpan floor, Table table)
    {
        var before = members.Select(member => member.Requests).ToArray();
        var since = Stopwatch.GetTimestamp();
        await members[^1].JoinAsync();
        await UntilAllKnowAsync(members, members.Length);
        Add(table, "one joins", (Stopwatch.GetElapsedTime(since), "0.3 s", floor), [.. members.Select((member, i) => member.Requests - before[i])]);
    }

    private static async Task LeaveAsync(HerdMember[] members, Table table)
    {
        var survivor = members[^1];
        var before = members.Select(member => member.Requests).ToArray();
        var since = Stopwatch.GetTimestamp();
        var leaving = Task.WhenAll(members[..^1].Select(member => member.LeaveAsync()));
        await survivor.UntilAsync(1).WaitAsync(Patience);
        Add(table, "all but one leave", (Stopwatch.GetElapsedTime(since), "1 s", null), [.. members.Select((member, i) => member.Requests - before[i])]);
        await leaving;
        AnsiConsole.WriteLine($"the survivor saw {survivor.Departed.Count} of {members.Length - 1} leave on purpose");
    }

    private static async Task UntilAllKnowAsync(HerdMember[] members, int count) =>
        await Task.WhenAll(members.Select(member => member.UntilAsync(count))).WaitAsync(Patience);

    private static void Add(Table table, string step, (TimeSpan Taken, string Target, TimeSpan? Floor) time, long[] requests) => table.AddRow(
        step,
        requests.Length.ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"{time.Taken.TotalSeconds:0.000} s"),
        time.Target,
        time.Floor is { } floor ? (time.Taken / floor).ToString("0.00", CultureInfo.InvariantCulture) : "-",
        requests.Average().ToString("0.00", CultureInfo.InvariantCulture),
        requests.Max().ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"{Environment.CpuUsage.TotalTime.TotalSeconds:0.0} s so far"),
        string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalAllocatedBytes() >> 20:#,##0} MB so far"),
        string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalPauseDuration().TotalSeconds:0.00} s so far ({GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)})"));
}
