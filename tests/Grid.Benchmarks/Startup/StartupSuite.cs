using Grid.Testing.ZooKeeper;

namespace Grid.Benchmarks.Startup;

/// <summary>Suite <c>startup</c>: how long a node and a client take from nothing, beside an empty .NET program. Programs and registry are real ones, on this machine.</summary>
internal static class StartupSuite
{
    private const int Rounds = 9;
    private const string Answer = "42";

    public static async Task<int> RunAsync()
    {
        if (ZooKeeperServers.Absence() is { } absence)
        {
            await Console.Error.WriteLineAsync($"The suite needs a ZooKeeper server: {absence}.");
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("grid-startup-").FullName;
        try
        {
            var program = await Publication.PublishAsync("tests/Grid.Benchmarks.Program", "Grid.Benchmarks.Program", Path.Combine(folder, "program"));
            var command = await Publication.PublishAsync("src/Grid.Cli", "grid", Path.Combine(folder, "grid"));
            await using var servers = await ZooKeeperServers.StartAsync("--tick", "2000");
            return await MeasureAsync(program, command, servers.ConnectString, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(string program, string command, string servers, string folder)
    {
        Dictionary<string, string> nothing = [];
        List<double> empty = [], node = [], first = [], client = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var environment = NodeEnvironment(servers, $"demo{round}", Path.Combine(folder, $"cache{round}"));
            var url = $"zookeeper://{servers}/grid?cluster=demo{round}";
            empty.Add(await TimeAsync(program, null, nothing));
            await using var worker = await StartedProgram.StartAsync(command, "ready:", environment, "node");
            node.Add(worker.Milliseconds);
            first.Add(await TimeAsync(program, Answer, nothing, url));
            client.Add(await TimeAsync(program, Answer, nothing, url));
        }

        var floor = Median(empty);
        return new Report($"Starting, medians of {Rounds}, as multiples of an empty .NET program of the same run")
            .Add("grid node until it is ready, on ZooKeeper", Median(node), floor, new Report.Target(25, IsAtMost: true))
            .Add("client until its first result, code known", Median(client), floor, new Report.Target(15, IsAtMost: true))
            .Add("more for code that is shipped first", Difference(Median(first), Median(client)), floor, new Report.Target(10, IsAtMost: true))
            .Print();
    }

    private static Dictionary<string, string> NodeEnvironment(string servers, string cluster, string cache) => new()
    {
        ["Grid__Cluster"] = cluster,
        ["Grid__Node__Name"] = "worker",
        ["Grid__Discovery__Provider"] = "ZooKeeper",
        ["Grid__Discovery__ZooKeeper__ConnectionString"] = servers,
        ["Grid__Communication__Tcp__Listen"] = "127.0.0.1:0",
        ["Grid__Deployment__CachePath"] = cache,
    };

    private static async Task<double> TimeAsync(string program, string? awaited, Dictionary<string, string> environment, params string[] arguments)
    {
        await using var started = await StartedProgram.StartAsync(program, awaited, environment, arguments);
        return started.Milliseconds;
    }

    /// <summary>Without the first round, which finds cold files.</summary>
    private static Report.Figure Median(List<double> milliseconds)
    {
        var sorted = milliseconds.Skip(1).Order().ToArray();
        return new Report.Figure(sorted[sorted.Length / 2], "ms");
    }

    private static Report.Figure Difference(Report.Figure more, Report.Figure less) => new(more.Value - less.Value, "ms");
}
