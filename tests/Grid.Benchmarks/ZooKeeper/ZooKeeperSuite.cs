using System.Globalization;
using Grid.Testing.ZooKeeper;
using Grid.ZooKeeper;
using Spectre.Console;

namespace Grid.Benchmarks.ZooKeeper;

/// <summary>
/// The client beside a bare socket loop (the floor) and Debian's Java client, on one server without fsync, in one run. Bare loop and client take
/// turns, round by round, so that noise hits both; ratios come from the same run only.
/// </summary>
internal static class ZooKeeperSuite
{
    private const int Rounds = 3;

    private static readonly Load[] Loads =
    [
        new(false, 1, 5_000), new(false, 16, 10_000), new(false, 256, 20_000), new(false, 1024, 20_000),
        new(true, 1, 5_000), new(true, 16, 10_000), new(true, 256, 20_000), new(true, 1024, 20_000),
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
        var (bare, ours) = await MeasureAsync(servers.ConnectString, client, loads);
        var watch = await WatchLatency.RunAsync(servers.ConnectString, other, loads[0].Operations / 5);
        var (java, reason) = await JavaLoad.RunAsync(servers.ConnectString, loads);
        Print(loads, bare, ours, java, reason);
        var isMet = PrintTargets(loads, bare, ours, watch);
        return isMet ? 0 : 1;
    }

    private static async Task<(Measurement[] Bare, Measurement[] Ours)> MeasureAsync(string server, ZooKeeperClient client, Load[] loads)
    {
        var load = new GridLoad(client);
        using var loop = new BareLoop(server);
        foreach (var each in loads)
        {
            loop.Run(each);
            await load.RunAsync(each);
        }

        List<(Measurement Bare, Measurement Ours)[]> rounds = [];
        for (var round = 0; round < Rounds; round++)
        {
            var results = new (Measurement, Measurement)[loads.Length];
            for (var i = 0; i < loads.Length; i++)
            {
                results[i] = (loop.Run(loads[i]), await load.RunAsync(loads[i]));
            }

            rounds.Add(results);
        }

        var indexes = Enumerable.Range(0, loads.Length).ToArray();
        return (indexes.Select(i => Measurement.Middle(rounds.Select(round => round[i].Bare))).ToArray(),
            indexes.Select(i => Measurement.Middle(rounds.Select(round => round[i].Ours))).ToArray());
    }

    private static void Print(Load[] loads, Measurement[] bare, Measurement[] ours, Measurement[]? java, string reason)
    {
        var table = new Table().AddColumns("load", "bare op/s", "Grid op/s", "Java op/s", "bare us", "Grid us", "Java us", "bare CPU us", "Grid CPU us", "Java CPU us", "Grid B/op");
        for (var i = 0; i < loads.Length; i++)
        {
            var third = java?[i];
            table.AddRow(
                loads[i].Name, Number(bare[i].OperationsPerSecond), Number(ours[i].OperationsPerSecond), Number(third?.OperationsPerSecond),
                Number(bare[i].MedianMicroseconds), Number(ours[i].MedianMicroseconds), Number(third?.MedianMicroseconds),
                Number(bare[i].CpuMicroseconds), Number(ours[i].CpuMicroseconds), Number(third?.CpuMicroseconds), Number(ours[i].AllocatedBytes));
        }

        AnsiConsole.Write(table);
        if (java is null)
        {
            AnsiConsole.WriteLine($"No figures of the Java client: {reason}.");
        }
    }

    private static bool PrintTargets(Load[] loads, Measurement[] bare, Measurement[] ours, WatchFigures watch)
    {
        var read = Array.FindIndex(loads, load => load is { IsWrite: false, InFlight: 1 });
        var pipelined = Enumerable.Range(0, loads.Length).Where(i => loads[i].InFlight > 1).ToArray();
        var worst = pipelined.MinBy(i => ours[i].OperationsPerSecond / bare[i].OperationsPerSecond);
        (string Name, double Value, double Limit, bool IsMost)[] targets =
        [
            ("sequential read, median, times the bare loop", ours[read].MedianMicroseconds / bare[read].MedianMicroseconds, 1.15, true),
            ($"pipelined, throughput, times the bare loop (worst: {loads[worst].Name})", ours[worst].OperationsPerSecond / bare[worst].OperationsPerSecond, 0.95, false),
            ("client CPU per pipelined operation, worst, us", pipelined.Max(i => ours[i].CpuMicroseconds), 15, true),
            ("bytes allocated per operation, worst", ours.Max(result => result.AllocatedBytes), 400, true),
            ("commit to event at another client, median, times one sequential read", (watch.Event - watch.Commit) / ours[read].MedianMicroseconds, 1.3, true),
            ("for comparison: the same at a bare socket", (watch.BareEvent - watch.Commit) / ours[read].MedianMicroseconds, double.NaN, true),
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
