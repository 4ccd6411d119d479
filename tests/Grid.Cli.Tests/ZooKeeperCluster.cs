using System.Text.Json;
using Grid.Testing.ZooKeeper;

namespace Grid.Cli.Tests;

/// <summary>Workers that find each other in ZooKeeper, each an unchanged <c>grid node</c>, and what an operator of them does. Uses a cluster name of its own.</summary>
internal sealed class ZooKeeperCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-cli-zk-").FullName;
    private readonly string _connectString;
    private readonly Dictionary<string, GridProcess> _workers = [];

    private ZooKeeperCluster(ZooKeeperServers servers) => _connectString = servers.ConnectString;

    public string Name { get; } = $"cli-{Guid.NewGuid():n}";

    private Dictionary<string, string> Environment { get; } = new() { ["GRID_SECRET"] = FileCluster.Secret };

    public static async Task<ZooKeeperCluster> StartAsync(ZooKeeperServers servers, params string[] names)
    {
        var cluster = new ZooKeeperCluster(servers);
        try
        {
            foreach (var name in names)
            {
                await cluster.StartWorkerAsync(name);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public string Url(string? cluster = null) => $"zookeeper://{_connectString}/grid?cluster={cluster ?? Name}";

    public Task<GridResult> RunAsync(params string[] arguments) => RunAtAsync(Url(), arguments);

    public Task<GridResult> RunAtAsync(string url, params string[] arguments) => GridProcess.RunAsync(Environment, [.. arguments, "--connect", url]);

    /// <summary>Ends a worker without warning.</summary>
    public async Task KillAsync(string name)
    {
        await _workers[name].SignalAsync("KILL");
        await _workers[name].WaitAsync();
    }

    /// <summary>The names of the nodes that are listed, in order.</summary>
    public async Task<string[]> NodesAsync()
    {
        using var json = JsonDocument.Parse((await RunAsync("nodes", "--json")).Expect(0).Output);
        return [.. json.RootElement.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)];
    }

    /// <summary>Lists the nodes until it is these.</summary>
    public async Task UntilNodesAsync(params string[] expected)
    {
        using var limit = new CancellationTokenSource(Patience);
        string[] listed;
        while (!(listed = await NodesAsync()).SequenceEqual(expected))
        {
            Assert.False(limit.IsCancellationRequested, $"Listed are {string.Join(", ", listed)}; expected were {string.Join(", ", expected)}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers.Values)
        {
            await worker.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartWorkerAsync(string name)
    {
        var worker = GridProcess.Start(
            Environment,
            "node", $"--Grid:Cluster={Name}", $"--Grid:Node:Name={name}", "--Grid:Node:Slots=2", "--Grid:Communication:Tcp:Listen=127.0.0.1:0",
            "--Grid:Discovery:Provider=ZooKeeper", $"--Grid:Discovery:ZooKeeper:ConnectionString={_connectString}", "--Grid:Discovery:ZooKeeper:SessionTimeout=00:00:06",
            $"--Grid:Deployment:CachePath={Path.Combine(_folder, name)}");
        _workers.Add(name, worker);
        await worker.UntilAsync(line => line.StartsWith("ready: ", StringComparison.Ordinal));
    }
}
