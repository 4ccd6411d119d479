namespace Grid.Cli.Tests;

/// <summary>Two workers, each an unchanged <c>grid node</c>, that find each other in a folder by the sample plug-in; and what clients of them need.</summary>
public sealed class FileCluster : IAsyncLifetime
{
    public const string Secret = "a secret of sixteen or more";
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-cli-").FullName;
    private readonly List<GridProcess> _workers = [];

    // Those of them that stay, by number: worker-1 and so on.
    private readonly Stack<GridProcess> _standing = new();

    /// <summary>How the environment of a user of the cluster looks.</summary>
    public Dictionary<string, string> Environment { get; private set; } = [];

    public string ReadyLine { get; private set; } = "";

    public static string Jobs => Path.Combine(AppContext.BaseDirectory, "Grid.Cli.Jobs.dll");

    public string Url(string cluster = "demo") => $"file://{_folder}?cluster={cluster}";

    public async Task InitializeAsync()
    {
        Environment = new Dictionary<string, string>
        {
            ["GRID_CONNECT"] = Url(),
            ["GRID_SECRET"] = Secret,
            ["Grid__Plugins__0"] = Path.Combine(AppContext.BaseDirectory, "FileDiscovery.dll"),
        };
        await HaveWorkersAsync(2);
    }

    public async Task DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>One of the workers that stay.</summary>
    internal GridProcess Worker => _standing.Peek();

    /// <summary>Starts or stops workers until there are that many, beside those that a test started for itself.</summary>
    internal async Task HaveWorkersAsync(int count)
    {
        while (_standing.Count < count)
        {
            var (worker, readyLine) = await StartWorkerAsync($"worker-{_standing.Count + 1}");
            _standing.Push(worker);
            ReadyLine = _standing.Count == 1 ? readyLine : ReadyLine;
        }

        while (_standing.Count > count)
        {
            var worker = _standing.Pop();
            await worker.SignalAsync("TERM");
            Assert.Equal(0, (await worker.WaitAsync()).ExitCode);
        }
    }

    /// <summary>Starts a worker and waits until it is ready.</summary>
    internal async Task<(GridProcess Worker, string ReadyLine)> StartWorkerAsync(string name)
    {
        var worker = GridProcess.Start(
            Environment,
            "node", "--Grid:Cluster=demo", $"--Grid:Node:Name={name}", "--Grid:Node:Slots=2", "--Grid:Communication:Tcp:Listen=127.0.0.1:0",
            "--Grid:Discovery:Provider=File", $"--Grid:Discovery:File:Path={_folder}", "--Grid:Discovery:File:Period=00:00:00.1",
            $"--Grid:Deployment:CachePath={Path.Combine(_folder, "cache-" + name)}");
        _workers.Add(worker);
        return (worker, await worker.UntilAsync(line => line.StartsWith("ready: ", StringComparison.Ordinal)));
    }
}
