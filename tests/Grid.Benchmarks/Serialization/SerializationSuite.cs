using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Grid.Serialization;
using Spectre.Console;

namespace Grid.Benchmarks.Serialization;

/// <summary>
/// Grid.Serialization beside System.Text.Json on the same data in the same run. JSON is written to a reused Utf8JsonWriter without validation, and is
/// given by source generation and by reflection, of which the faster counts. The best of rounds that alternate between the two is taken.
/// </summary>
internal static class SerializationSuite
{
    private const int Rounds = 60;

    // Short, so that some rounds are free of what else the machine does.
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(8);

    public static Task<int> RunAsync(string[] args)
    {
        var met = true;
        var table = new Table().AddColumns("case", "operation", "grid", "json", "ratio", "target", "allocated", "bytes", "json bytes", "met");
        foreach (var item in Cases())
        {
            met &= AddRow(table, item, isWrite: true);
            met &= AddRow(table, item, isWrite: false);
        }

        AnsiConsole.Write(table);
        AnsiConsole.Write(ClosureTable());
        return Task.FromResult(met ? 0 : 1);
    }

    private static IEnumerable<SerializationCase> Cases()
    {
        var random = new Random(1);
        var record = new BenchmarkRecord(123_456_789, "Ada Lovelace", "London", 36, 1234.56, new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc));
        var words = Enumerable.Range(0, 100).ToDictionary(i => $"key number {i}", i => $"the value of entry {i}");
        var doubles = Enumerable.Range(0, 10_000).Select(_ => random.NextDouble() * 1000).ToArray();
        yield return SerializationCase.Create("record of six fields", record, (3, 3), BenchmarkJson.Default.BenchmarkRecord, Reflected<BenchmarkRecord>(new()));
        yield return SerializationCase.Create("graph of 1,000 nodes", BenchmarkNode.Graph(1000), (4, 3), GeneratedGraph(), Reflected<BenchmarkNode>(GraphOptions()));
        yield return SerializationCase.Create(
            "dictionary of 100 strings", words, (1.3, 1.3), BenchmarkJson.Default.DictionaryStringString, Reflected<Dictionary<string, string>>(new()));
        yield return SerializationCase.Create("10,000 doubles", doubles, (200, 50), BenchmarkJson.Default.DoubleArray, Reflected<double[]>(new()));
    }

    private static JsonSerializerOptions GraphOptions() => new() { ReferenceHandler = ReferenceHandler.Preserve, MaxDepth = 256 };

    private static JsonTypeInfo<BenchmarkNode> GeneratedGraph() => new BenchmarkGraphJson(GraphOptions()).BenchmarkNode;

    private static JsonTypeInfo<T> Reflected<T>(JsonSerializerOptions options)
    {
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver();
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }

    private static bool AddRow(Table table, SerializationCase item, bool isWrite)
    {
        var (operation, target, ours, json) = isWrite
            ? ("write", item.WriteTarget, item.Write, item.JsonWrites)
            : ("read", item.ReadTarget, item.Read, item.JsonReads);
        var times = Measure([ours, .. json]);
        var best = times.Skip(1).Min();
        var ratio = best / times[0];
        var allocated = Allocated(ours);
        var met = ratio >= target && (!isWrite || allocated == 0);
        table.AddRow(
            item.Name, operation, Time(times[0]), Time(best), Text($"{ratio:F2}"), Text($"{target}"), Text($"{allocated:N0} B"), Text($"{item.Bytes:N0}"),
            Text($"{item.JsonBytes:N0}"), met ? "yes" : "NO");
        return met;
    }

    /// <summary>What a call without arguments costs: the closures of a client go out and come in like this.</summary>
    private static Table ClosureTable()
    {
        var table = new Table().AddColumns("closure", "write", "allocated", "read", "allocated", "bytes");
        AddClosure(table, "static () => 1", () => static () => 1);
        AddClosure(table, "() => captured", () =>
        {
            var captured = Environment.ProcessId;
            return () => captured;
        });
        return table;
    }

    private static void AddClosure(Table table, string name, Func<Func<int>> make)
    {
        var serializer = new GridSerializer(new SerializerOptions(), new LoadedModuleCatalog());
        var output = new ArrayBufferWriter<byte>();
        serializer.Write(output, make());
        var payload = output.WrittenSpan.ToArray();
        Action write = () =>
        {
            output.ResetWrittenCount();
            serializer.Write(output, make());
        };
        Action read = () => serializer.Read<Func<int>>(payload);
        var times = Measure([write, read]);
        table.AddRow(name, Time(times[0]), Text($"{Allocated(write)} B"), Time(times[1]), Text($"{Allocated(read)} B"), Text($"{payload.Length}"));
    }

    /// <summary>Nanoseconds for one call of each action: the best of alternating rounds.</summary>
    private static double[] Measure(Action[] actions)
    {
        var counts = Array.ConvertAll(actions, Calibrate);
        var best = Array.ConvertAll(actions, _ => double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < actions.Length; i++)
            {
                best[i] = Math.Min(best[i], Run(actions[i], counts[i]) / counts[i]);
            }
        }

        return best;
    }

    /// <summary>Warms an action up, through all tiers of the just-in-time compiler, and finds how often it fits into a round.</summary>
    private static int Calibrate(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        while (count < 200 || Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(0.5))
        {
            action();
            count++;
        }

        var each = Run(action, 50) / 50;
        return Math.Max(2, (int)(RoundTime.TotalNanoseconds / each));
    }

    private static double Run(Action action, int count)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    private static long Allocated(Action action)
    {
        const int Count = 100;
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Count; i++)
        {
            action();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
    }

    private static string Time(double nanoseconds) => nanoseconds < 10_000 ? Text($"{nanoseconds:N0} ns") : Text($"{nanoseconds / 1000:N1} µs");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
