using Grid.Deployment.Tests.Programs;
using Grid.Deployment.Worker;
using Grid.Hosting;
using Grid.Kernel.Lifecycle;
using DeploymentOptions = Grid.Kernel.Deployment.DeploymentOptions;

namespace Grid.Deployment.Tests;

/// <summary>Nodes of one process, which have some of the code already.</summary>
[Trait("Lane", "loopback")]
public sealed class OneProcessTests : IDisposable
{
    private static int Count;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_nodes_of_a_local_grid_run_the_program_itself_unless_a_call_is_isolated()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 1);
        Count = 10;

        var shared = await local.Client.CallAsync(() => ++Count);
        var isolated = await local.Client.With(new JobOptions { Isolation = CodeIsolation.Isolated }).CallAsync(() => ++Count);

        Assert.Equal((11, 1, 11), (shared, isolated, Count));
    }

    [Fact]
    public async Task All_jobs_of_a_private_call_share_what_no_other_call_does()
    {
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 1, SlotsPerNode = 1 });
        var grid = local.Client.With(new JobOptions { Isolation = CodeIsolation.Private });

        var first = await grid.MapAsync(Enumerable.Range(0, 5), _ => Interlocked.Increment(ref Count));
        var second = await grid.MapAsync(Enumerable.Range(0, 3), _ => Interlocked.Increment(ref Count));

        Assert.Equal([1, 2, 3, 4, 5], first.Order());
        Assert.Equal([1, 2, 3], second.Order());
    }

    [Fact]
    public async Task Many_jobs_that_wait_for_one_code_fetch_it_once()
    {
        await using var worker = await StartWorkerAsync(new DeploymentOptions());
        await using var client = await ConnectAsync(worker);
        using var program = ClientProgram.Make(_folder, Adding);

        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => program.RunAsync(client.Grid, i)));

        Assert.Equal(Enumerable.Range(1, 200).Select(i => $"{i}"), results);
        Assert.Equal((1L, 1), (worker.Deployment.Metrics.FilesFetched, worker.Deployment.Contexts.Live));
    }

    [Fact]
    public async Task A_member_gives_what_the_submitter_does_not()
    {
        await using var first = await StartWorkerAsync(new DeploymentOptions());
        await using var second = await StartWorkerAsync(new DeploymentOptions(), first);
        await using var client = await ConnectAsync(first);
        await using var silent = await TestNode.StartAsync("silent", isClient: true, new DeploymentOptions { CodeShipping = false }, [second.LocalNode]);
        using var program = ClientProgram.Make(_folder, Adding);

        Assert.Equal("2", await program.RunAsync(client.Grid, 1));
        Assert.Equal("3", await program.RunAsync(silent.Grid, 2));
        Assert.Equal(1, second.Deployment.Metrics.FilesFetched);
    }

    [Theory]
    [InlineData(64, 1L << 30, "Grid:Deployment:FileBytesMax")]
    [InlineData(1 << 20, 100L, "Grid:Deployment:SetBytesMax")]
    public async Task Code_beyond_a_limit_is_refused_before_it_is_fetched(int fileBytesMax, long setBytesMax, string key)
    {
        await using var worker = await StartWorkerAsync(new DeploymentOptions { FileBytesMax = fileBytesMax, SetBytesMax = setBytesMax });
        await using var client = await ConnectAsync(worker);
        using var program = ClientProgram.Make(_folder, Adding);

        var refusal = await Assert.ThrowsAsync<CodeShippingException>(() => program.RunAsync(client.Grid));

        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, worker.Deployment.Metrics.FilesFetched);
    }

    [Fact]
    public async Task A_program_whose_file_changed_after_its_first_job_gives_no_wrong_bytes()
    {
        await using var first = await StartWorkerAsync(new DeploymentOptions());
        await using var client = await ConnectAsync(first);
        using var program = ClientProgram.Make(_folder, Adding);
        Assert.Equal("2", await program.RunAsync(client.Grid, 1));
        var path = Path.Combine(program.Folder, "Client.dll");
        var image = program.Image;
        image[^1] ^= 1;
        File.Delete(path);
        File.WriteAllBytes(path, image);
        await using var second = await StartWorkerAsync(new DeploymentOptions());
        await using var again = await ConnectAsync(second);

        var refusal = await Assert.ThrowsAsync<CodeShippingException>(() => program.RunAsync(again.Grid, 1));

        Assert.Contains("was changed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_of_a_client_that_left_is_unloaded()
    {
        await using var worker = await StartWorkerAsync(new DeploymentOptions());
        using var program = ClientProgram.Make(_folder, Adding);
        await using (var client = await ConnectAsync(worker))
        {
            Assert.Equal("2", await program.RunAsync(client.Grid, 1));
            Assert.Equal(1, worker.Deployment.Contexts.Live);
        }

        Assert.True(await Task.Run(() => SpinWait.SpinUntil(() => worker.Deployment.Contexts.Live == 0, TimeSpan.FromSeconds(30))), "the code is still loaded");
    }

    private const string Adding = """
        public static class Program
        {
            public static async Task<string> Run(IGrid grid, int n) => (await grid.CallAsync(x => x + 1, n)).ToString();
        }
        """;

    private Task<GridRuntime> StartWorkerAsync(DeploymentOptions options, params GridRuntime[] others) =>
        TestNode.StartAsync($"worker-{others.Length}", isClient: false, options with { CachePath = _folder.New() }, [.. others.Select(other => other.LocalNode)]);

    private static Task<GridRuntime> ConnectAsync(params GridRuntime[] workers) =>
        TestNode.StartAsync("client", isClient: true, new DeploymentOptions(), [.. workers.Select(worker => worker.LocalNode)]);
}
