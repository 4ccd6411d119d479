using System.Globalization;
using Grid.Deployment.Tests.Programs;
using Xunit.Abstractions;

namespace Grid.Deployment.Tests;

/// <summary>What becomes of code on a worker when the programs that it belongs to come and go.</summary>
[Trait("Lane", "loopback")]
public sealed class UnloadTests(ITestOutputHelper output) : IDisposable
{
    private const int ContextsMax = 8;
    private const int WarmUp = 20;

    private const int Programs = 40;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Programs_that_come_and_go_leave_no_code_behind()
    {
        await using var worker = await WorkerProcess.StartAsync(_folder.New(), ContextsMax);
        await RunAsync(worker, 0, WarmUp);
        await worker.UntilSaidAsync("log 3502 ", WarmUp);
        var before = await worker.CollectAsync();

        var liveMax = await RunAsync(worker, WarmUp, Programs);

        await worker.UntilSaidAsync("log 3502 ", WarmUp + Programs);
        var after = await worker.CollectAsync();
        Assert.InRange(liveMax, 0, ContextsMax);
        Assert.Equal((0, 0, 0), (after.Live, after.Uncollected, after.Kept));
        Assert.InRange(after.Assemblies, before.Assemblies, before.Assemblies + 4);
    }

    [SkippableFact]
    [Trait("Lane", "measurement")]
    public async Task Memory_returns_to_where_it_was_after_many_programs()
    {
        var programs = int.Parse(Environment.GetEnvironmentVariable("GRID_PROGRAMS") ?? "0", CultureInfo.InvariantCulture);
        Skip.If(programs == 0, "A measurement of minutes: set GRID_PROGRAMS=500.");
        await using var worker = await WorkerProcess.StartAsync(_folder.New(), ContextsMax);
        await RunAsync(worker, 0, WarmUp);
        await worker.UntilSaidAsync("log 3502 ", WarmUp);
        var before = await worker.CollectAsync();
        var liveMax = await RunAsync(worker, WarmUp, programs);
        await worker.UntilSaidAsync("log 3502 ", WarmUp + programs);

        // Links that are gone are remembered for ten seconds, and the platform's pool of buffers keeps what it has for a minute.
        bool HasReturned(WorkerStats now) => now.Uncollected == 0 && now.ManagedBytes <= before.ManagedBytes * 12 / 10 && now.WorkingSetBytes <= before.WorkingSetBytes * 12 / 10;
        var after = await worker.CollectUntilAsync(HasReturned);

        output.WriteLine($"before {before}\nafter  {after}\nlive at most {liveMax}, {programs} programs");
        Assert.True(HasReturned(after), $"before {before}, after {programs} programs {after}");
    }

    [Fact]
    public async Task A_context_that_a_job_keeps_alive_is_reported_by_its_hash_and_counts()
    {
        await using var worker = await WorkerProcess.StartAsync(_folder.New());
        using var program = ClientProgram.Make(_folder, """
            public static class Program
            {
                public static void OnExit(object? sender, EventArgs e) { }
                public static async Task<string> Run(IGrid grid, int n)
                {
                    await grid.RunAsync(() => AppDomain.CurrentDomain.ProcessExit += OnExit);
                    return "";
                }
            }
            """);
        await using (var client = await WorkerProcess.ConnectAsync(worker))
        {
            await program.RunAsync(client.Grid);
        }

        var line = await worker.UntilAsync("log 3503 ");

        Assert.Contains(worker.Said("log 3500 ").Single().Split(' ')[4], line, StringComparison.Ordinal);
        Assert.Equal(1, (await worker.StatsAsync()).Kept);
    }

    [Fact]
    public async Task A_program_that_comes_again_while_its_old_code_is_not_collected_is_loaded_anew()
    {
        await using var worker = await WorkerProcess.StartAsync(_folder.New());
        using var program = ClientProgram.Make(_folder, """
            public static class Program
            {
                public static int Calls;
                public static void OnExit(object? sender, EventArgs e) { }
                public static async Task<string> Run(IGrid grid, int n) => (await grid.CallAsync(() =>
                {
                    AppDomain.CurrentDomain.ProcessExit += OnExit;
                    return new[] { ++Calls };
                }))[0].ToString();
            }
            """);
        for (var visit = 1; visit <= 3; visit++)
        {
            await using (var client = await WorkerProcess.ConnectAsync(worker))
            {
                Assert.Equal("1", await program.RunAsync(client.Grid));
            }

            await worker.UntilSaidAsync("log 3502 ", visit);
        }

        Assert.Equal(3, worker.Said("log 3500 ").Count);
    }

    [Fact]
    public async Task At_the_limit_the_oldest_idle_code_goes_and_busy_code_is_not_touched()
    {
        await using var worker = await WorkerProcess.StartAsync(_folder.New(), contextsMax: 1);
        await using var client = await WorkerProcess.ConnectAsync(worker);
        using var first = Make(1);
        using var second = Make(2);
        Assert.Equal(("1", "2", "1"), (await first.RunAsync(client.Grid), await second.RunAsync(client.Grid), await first.RunAsync(client.Grid)));
        using var busy = ClientProgram.Make(_folder, Waiting);
        var gate = Path.Combine(_folder.New(), "gate");
        File.WriteAllText(Path.Combine(busy.Folder, "gate"), gate);
        var running = busy.RunAsync(client.Grid);
        await worker.UntilAsync("started");

        var refusal = await Assert.ThrowsAsync<JobRejectedException>(() => second.RunAsync(client.Grid));

        Assert.Contains("Grid:Deployment:ContextsMax", refusal.Message, StringComparison.Ordinal);
        File.WriteAllText(gate, "");
        Assert.Equal("done", await running);
        Assert.Equal("2", await second.RunAsync(client.Grid));
    }

    /// <summary>A job that says that it runs and ends when a file exists, whose path is in a file beside the program.</summary>
    private const string Waiting = """
        public static class Program
        {
            public static Task<string> Run(IGrid grid, int n)
            {
                var gate = System.IO.File.ReadAllText(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(typeof(Program).Assembly.Location), "gate"));
                return grid.CallAsync(path =>
                {
                    Console.WriteLine("started");
                    System.Threading.SpinWait.SpinUntil(() => System.IO.File.Exists(path));
                    return "done";
                }, gate);
            }
        }
        """;

    private static string Source(int number) => $$"""
        public record Value{{number}}(int Number, string Text);
        public static class Program
        {
            private static readonly Dictionary<string, Value{{number}}> Cache = [];
            public static async Task<string> Run(IGrid grid, int n)
            {
                var value = await grid.CallAsync(x => { Cache["a"] = new Value{{number}}(x + {{number}}, "text"); return Cache["a"]; }, n);
                return value.Number.ToString();
            }
        }
        """;

    private ClientProgram Make(int number) => ClientProgram.Make(_folder, Source(number));

    private async Task<int> RunAsync(WorkerProcess worker, int first, int count)
    {
        var liveMax = 0;
        for (var number = first; number < first + count; number++)
        {
            using var program = Make(number);
            await using var client = await WorkerProcess.ConnectAsync(worker);
            Assert.Equal((number + 5).ToString(CultureInfo.InvariantCulture), await program.RunAsync(client.Grid, 5));
            liveMax = Math.Max(liveMax, (await worker.StatsAsync()).Live);
        }

        return liveMax;
    }
}
