using Grid.Deployment.Tests.Programs;
using Grid.Hosting;
using DeploymentOptions = Grid.Kernel.Deployment.DeploymentOptions;

namespace Grid.Deployment.Tests;

/// <summary>Programs that workers in other processes have never seen.</summary>
[Trait("Lane", "loopback")]
public sealed class TravelTests : IDisposable
{
    private const string UsesLibrary = """
        public static class Program
        {
            public static async Task<string> Run(IGrid grid, int n)
            {
                var factor = n + 1;
                return (await grid.CallAsync(() => MathNet.Numerics.SpecialFunctions.Factorial(factor) + OFFSET)).ToString();
            }
        }
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_lambda_with_a_library_runs_where_neither_was_installed()
    {
        await using var worker = await WorkerProcess.StartAsync(_folder.New());
        await using var client = await WorkerProcess.ConnectAsync(worker);
        using var program = LibraryProgram("0");

        Assert.Equal("720", await program.RunAsync(client.Grid, 5));

        var stats = await worker.StatsAsync();
        Assert.Equal(2, stats.FilesFetched);
        Assert.Equal(new DirectoryInfo(program.Folder).EnumerateFiles().Sum(file => file.Length), stats.BytesFetched);
        Assert.Contains("MathNet.Numerics 5", Assert.Single(worker.Said("log 3500 ")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_run_fetches_nothing_and_an_edited_lambda_only_its_own_assembly()
    {
        await using var worker = await WorkerProcess.StartAsync(_folder.New());
        using var program = LibraryProgram("0");
        using var edited = LibraryProgram("1");
        var first = await RunAsync(worker, program);
        var second = await RunAsync(worker, program);
        var third = await RunAsync(worker, edited);

        Assert.Equal(("6", "6", "7"), (first.Result, second.Result, third.Result));
        Assert.Equal(first.Stats.BytesFetched, second.Stats.BytesFetched);
        Assert.Equal(second.Stats.BytesFetched + edited.Image.Length, third.Stats.BytesFetched);
    }

    [Fact]
    public async Task Another_process_with_the_same_cache_fetches_nothing()
    {
        var cache = _folder.New();
        using var program = LibraryProgram("0");
        await using (var first = await WorkerProcess.StartAsync(cache))
        {
            Assert.Equal("6", (await RunAsync(first, program)).Result);
        }

        await using var second = await WorkerProcess.StartAsync(cache);
        var (result, stats) = await RunAsync(second, program);

        Assert.Equal(("6", 0L), (result, stats.BytesFetched));
    }

    [Fact]
    public async Task A_worker_that_ships_no_code_says_so()
    {
        await using var worker = await WorkerProcess.StartAsync(_folder.New(), codeShipping: false);
        await using var client = await WorkerProcess.ConnectAsync(worker);
        using var program = LibraryProgram("0");

        var refusal = await Assert.ThrowsAsync<CodeShippingException>(() => program.RunAsync(client.Grid));

        Assert.Contains("Grid:Deployment:CodeShipping", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("worker", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_ships_no_code_says_so()
    {
        await using var worker = await WorkerProcess.StartAsync(_folder.New());
        await using var client = await WorkerProcess.ConnectAsync(new DeploymentOptions { CodeShipping = false }, worker);
        using var program = LibraryProgram("0");

        var refusal = await Assert.ThrowsAsync<CodeShippingException>(() => program.RunAsync(client.Grid));

        Assert.Contains("does not ship code", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_and_exceptions_of_shipped_types_come_back_as_themselves()
    {
        await using var worker = await WorkerProcess.StartAsync(_folder.New());
        await using var client = await WorkerProcess.ConnectAsync(worker);
        using var program = ClientProgram.Make(_folder, """
            public record Answer(int Number, List<Answer> Parts);
            public sealed class OddException(Answer answer) : Exception("odd") { public Answer Answer { get; } = answer; }
            public static class Program
            {
                public static async Task<string> Run(IGrid grid, int n)
                {
                    var answer = await grid.CallAsync(x => new Answer(x, [new Answer(x * 2, [])]), n);
                    try { await grid.RunAsync(() => throw new OddException(answer)); return "nothing"; }
                    catch (OddException e) { return $"{answer.Parts[0].Number} {e.Answer.Number}"; }
                }
            }
            """);

        Assert.Equal("42 21", await program.RunAsync(client.Grid, 21));
    }

    [Fact]
    public async Task A_job_submits_nested_work_with_the_code_that_it_came_with()
    {
        var (first, second) = (await WorkerProcess.StartAsync(_folder.New(), name: "first"), (WorkerProcess?)null);
        await using var _ = first;
        second = await WorkerProcess.StartAsync(_folder.New(), name: "second", others: [first]);
        await using var __ = second;
        await using var client = await WorkerProcess.ConnectAsync(second);
        using var program = ClientProgram.Make(_folder, """
            public record Part(int Value);
            public static class Program
            {
                public static Task<string> Run(IGrid grid, int n) => grid.CallAsync(async context =>
                {
                    var parts = await context.Grid.Where(NodeSelector.ByName("first")).MapAsync(new[] { 1, 2, 3 }, i => new Part(i * n));
                    return string.Join(',', parts.Select(part => part.Value));
                });
            }
            """);

        Assert.Equal("5,10,15", await program.RunAsync(client.Grid, 5));
        Assert.Equal((1L, 1L), ((await first.StatsAsync()).FilesFetched, (await second.StatsAsync()).FilesFetched));
    }

    [Fact]
    public async Task Two_builds_of_one_assembly_run_side_by_side()
    {
        await using var worker = await WorkerProcess.StartAsync(_folder.New());
        await using var client = await WorkerProcess.ConnectAsync(worker);
        using var program = LibraryProgram("0");
        using var edited = LibraryProgram("1");

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? program : edited).RunAsync(client.Grid, 3)));

        Assert.Equal(Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "24" : "25"), results);
        Assert.Equal((3L, 2), ((await worker.StatsAsync()).FilesFetched, (await worker.StatsAsync()).Live));
    }

    [Fact]
    public async Task Code_loaded_from_memory_travels_when_its_bytes_are_registered_and_is_refused_when_not()
    {
        await using var worker = await WorkerProcess.StartAsync(_folder.New());
        await using var client = await WorkerProcess.ConnectAsync(worker);
        var folder = _folder.New();
        ClientProgram.Compile(folder, "Client", Counting);
        using var program = ClientProgram.LoadFromMemory(folder, "Client");

        var refusal = await Assert.ThrowsAsync<CodeShippingException>(() => program.RunAsync(client.Grid));
        ShippedCode.Register(program.Assembly, program.Image);

        Assert.Contains("ShippedCode.Register", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("1", await program.RunAsync(client.Grid));
    }

    [Theory]
    [InlineData(CodeIsolation.Shared, "1 2 3", "4 5 6")]
    [InlineData(CodeIsolation.Isolated, "1 2 3", "1 2 3")]
    [InlineData(CodeIsolation.Private, "1 1 1", "1 1 1")]
    public async Task Static_fields_are_shared_as_the_isolation_says(CodeIsolation isolation, string ofOne, string ofOther)
    {
        await using var worker = await WorkerProcess.StartAsync(_folder.New());
        await using var one = await WorkerProcess.ConnectAsync(worker);
        await using var other = await WorkerProcess.ConnectAsync(worker);
        using var program = ClientProgram.Make(_folder, Counting);

        Assert.Equal((ofOne, ofOther), (await CountAsync(program, one.Grid, isolation), await CountAsync(program, other.Grid, isolation)));
    }

    private const string Counting = """
        public static class Counter { public static int Count; }
        public static class Program
        {
            public static async Task<string> Run(IGrid grid, int isolation) =>
                (await grid.With(new JobOptions { Isolation = (CodeIsolation)isolation }).CallAsync(() => ++Counter.Count)).ToString();
        }
        """;

    private static async Task<string> CountAsync(ClientProgram program, IGrid grid, CodeIsolation isolation)
    {
        var counts = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            counts.Add(await program.RunAsync(grid, (int)isolation));
        }

        return string.Join(' ', counts);
    }

    private static async Task<(string Result, WorkerStats Stats)> RunAsync(WorkerProcess worker, ClientProgram program)
    {
        await using var client = await WorkerProcess.ConnectAsync(worker);
        return (await program.RunAsync(client.Grid, 2), await worker.StatsAsync());
    }

    private ClientProgram LibraryProgram(string offset)
    {
        var folder = _folder.New();
        ClientProgram.CopyLibrary(folder, "MathNet.Numerics");
        ClientProgram.Compile(folder, "Client", UsesLibrary.Replace("OFFSET", offset, StringComparison.Ordinal));
        return ClientProgram.Load(folder, "Client");
    }
}
