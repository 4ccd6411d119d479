using System.Globalization;
using Grid.Testing.ZooKeeper;
using Grid.ZooKeeper;
using Spectre.Console;

namespace Grid.Benchmarks.ZooKeeper;

/// <summary>
/// The client beside a bare socket loop (the floor) and Debian's Java client, on one server without fsync, in one run. Bare loop and client take
/// turns, round by round, so that noise hits both; a ratio is the one in the middle of those of the rounds.
/// </summary>
internal static class ZooKeeperSuite
{
    private const int Rounds = 9;

    private static readonly Load[] Loads =
    [
        new(false, 1, 2_500), new(false, 16, 5_000), new(false, 256, 10_000), new(false, 1024, 20_000),
        new(true, 1, 2_500), new(true, 16, 5_000), new(true, 256, 10_000), new(true, 1024, 20_000),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        if (ZooKeeperServers.Absence() is { } absence)
        {
            await Console.Error.WriteLineAsync($"The suite needs a ZooKeeper server: {absence}.");
            return 2;
        }

        var loads = args is ["--short", ..] ? Loads.Select(load => load with { Operations = load.Operations / 10 }).ToArray() : Loads;
        await using var servers = await ZooKeeperServers.StartAsync("--tick", "2000", "--jvm", "-Xmx1g");
        await using var client = await ZooKeeperClient.ConnectAsync(servers.ConnectString);
        await using var other = await ZooKeeperClient.ConnectAsync(servers.ConnectString);
        await client.CreateAsync(Load.Path, new byte[Load.DataBytes]);
        var rounds = await MeasureAsync(servers.ConnectString, client, loads);
        var watch = await WatchLatency.RunAsync(servers.ConnectString, other, loads[0].Operations * 2 / 5);
        var (java, reason) = await JavaLoad.RunAsync(servers.ConnectString, loads);
        Print(rounds, java, reason);
        var isMet = PrintTargets(rounds, watch);
        return isMet ? 0 : 1;
    }

    private static async Task<PairedRounds[]> MeasureAsync(string server, ZooKeeperClient client, Load[] loads)
    {
        var load = new GridLoad(client);
        using var loop = new BareLoop(server);
        var rounds = loads.Select(each => new PairedRounds(each)).ToArray();
        for (var round = -1; round < Rounds; round++)
        {
            foreach (var each in rounds)
            {
                var (bare, ours) = (loop.Run(each.Load), await load.RunAsync(each.Load));
                if (round >= 0)
                {
                    each.Add(bare, ours);
                }
            }
        }

        return rounds;
    }

    private static void Print(PairedRounds[] rounds, Measurement[]? java, string reason)
    {
        var table = new Table().AddColumns(
            "load", "bare op/s", "Grid op/s", "Grid / bare", "Java op/s", "bare us", "Grid us", "Java us", "bare CPU us", "Grid CPU us", "Java CPU us", "Grid B/op");
        foreach (var (each, i) in rounds.Select((each, i) => (each, i)))
        {
            var (bare, ours, third) = (each.Bare, each.Ours, java?[i]);
            table.AddRow(
                each.Load.Name, Number(bare.OperationsPerSecond), Number(ours.OperationsPerSecond), each.Throughput.ToString("0.00", CultureInfo.InvariantCulture), Number(third?.OperationsPerSecond),
                Number(bare.MedianMicroseconds), Number(ours.MedianMicroseconds), Number(third?.MedianMicroseconds),
                Number(bare.CpuMicroseconds), Number(ours.CpuMicroseconds), Number(third?.CpuMicroseconds), Number(ours.AllocatedBytes));
        }

        AnsiConsole.Write(table);
        if (java is null)
        {
            AnsiConsole.WriteLine($"No figures of the Java client: {reason}.");
        }
    }

    private static bool PrintTargets(PairedRounds[] rounds, WatchFigures watch)
    {
        var read = rounds.First(each => each.Load is { IsWrite: false, InFlight: 1 });
        var pipelined = rounds.Where(each => each.Load.InFlight > 1).ToArray();
        var worst = pipelined.MinBy(each => each.Throughput)!;
        (string Name, double Value, double Limit, bool IsMost)[] targets =
        [
            ("sequential read, median, times the bare loop", read.Median, 1.15, true),
            ($"pipelined, throughput, times the bare loop (worst: {worst.Load.Name})", worst.Throughput, 0.95, false),
            ("for comparison: the mean of all pipelined loads", pipelined.Average(each => each.Throughput), double.NaN, false),
            ("client CPU per pipelined operation, worst, us", pipelined.Max(each => each.Ours.CpuMicroseconds), 15, true),
            ("bytes allocated per operation, worst", rounds.Max(each => each.Ours.AllocatedBytes), 400, true),
            ("commit to event at another client, median, times one sequential read", (watch.Event - watch.Commit) / read.Ours.MedianMicroseconds, 1.3, true),
            ("for comparison: the same at a bare socket", (watch.BareEvent - watch.Commit) / read.Ours.MedianMicroseconds, double.NaN, true),
            ("for comparison: call of the write to event, times the same at a bare socket", watch.Event / watch.BareEvent, double.NaN, true),
        ];
        var isMet = true;
        foreach (var (name, value, limit, isMost) in targets)
        {
            var isFine = double.IsNaN(limit) || (isMost ? value <= limit : value >= limit);
            isMet &= isFine;
            var target = double.IsNaN(limit) ? "" : $"target {(isMost ? "<=" : ">=")} {limit:0.##} {(isFine ? "met" : "MISSED")}";
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value,8:0.00}  {name}  {target}"));
        }

        AnsiConsole.WriteLine("No request failed at 1 to 1,024 in flight: a failure ends the run.");
        return isMet;
    }

    private static string Number(double? value) => value is null or 0 ? "-" : value.Value.ToString("#,##0", CultureInfo.InvariantCulture);
}
