using System.Globalization;
using System.Security.Cryptography;
using Grid.Testing.Namespaces;
using Grid.Testing.ZooKeeper;

namespace Grid.Chaos.Site;

/// <summary>
/// Where a run takes place: an ensemble of three servers, a folder, and with a network an address of its own for each process. Without one everybody is on loopback.
/// </summary>
internal sealed class ChaosSite : IAsyncDisposable
{
    private const string ClientHost = "client";
    private static readonly string[] ServerHosts = ["zk1", "zk2", "zk3"];
    private readonly ChaosOptions _options;
    private readonly string _secret = RandomNumberGenerator.GetHexString(32);

    private ChaosSite(ChaosOptions options, NetworkSite? network, ZooKeeperServers servers)
    {
        (_options, Network, Servers) = (options, network, servers);
        Folder = Directory.CreateTempSubdirectory("grid-chaos-").FullName;
        Directory.CreateDirectory(RecordFolder);
    }

    public NetworkSite? Network { get; }

    public ZooKeeperServers Servers { get; }

    /// <summary>Logs, records and the workers' code.</summary>
    public string Folder { get; }

    public string RecordFolder => Path.Combine(Folder, "record");

    public string? ClientNamespace => Network?.Namespace(ClientHost);

    /// <summary>Of all processes of the grid.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["GRID_SECRET"] = _secret,
        ["Grid__Discovery__ZooKeeper__SessionTimeout"] = _options.SessionTimeout.ToString("c", CultureInfo.InvariantCulture),
        ["Grid__Deployment__CachePath"] = Path.Combine(Folder, "code"),
    };

    /// <summary>Why no run is possible here; <see langword="null"/> when one is.</summary>
    public static string? Absence() => OperatingSystem.IsLinux() ? ZooKeeperServers.Absence() : "processes are stopped and killed as on Linux";

    /// <summary>Builds the site.</summary>
    public static async Task<ChaosSite> CreateAsync(ChaosOptions options)
    {
        var network = options.CutsNetwork && NetworkSite.Absence() is null ? await NetworkSite.CreateAsync([.. ServerHosts, .. WorkerHosts(options), ClientHost]) : null;
        try
        {
            string[] hosts = network is null ? [] : ["--hosts", string.Join(',', ServerHosts.Select(network.Address)), "--netns", string.Join(',', ServerHosts.Select(network.Namespace))];
            return new ChaosSite(options, network, await ZooKeeperServers.StartAsync(["--servers", "3", .. hosts]));
        }
        catch
        {
            await (network?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    public static string WorkerName(int worker) => string.Create(CultureInfo.InvariantCulture, $"w{worker}");

    public string ClientUrl(string name) => $"zookeeper://{Servers.ConnectString}/grid?cluster=chaos&name={name}";

    /// <summary>Starts a worker, which is <c>grid node</c>.</summary>
    public GuardedProcess StartWorker(int worker)
    {
        var name = WorkerName(worker);
        return GuardedProcess.Start(
            Network?.Namespace(name),
            Path.Combine(Folder, name + ".log"),
            Environment,
            "dotnet",
            Path.Combine(AppContext.BaseDirectory, "grid.dll"),
            "node",
            "--Grid:Cluster=chaos",
            "--Grid:Discovery:Provider=ZooKeeper",
            $"--Grid:Discovery:ZooKeeper:ConnectionString={Servers.ConnectString}",
            $"--Grid:Node:Name={name}",
            "--Grid:Node:Slots=4",
            $"--Grid:Communication:Tcp:Listen={Network?.Address(name) ?? "127.0.0.1"}:0");
    }

    /// <summary>Cuts a worker off from the servers, from its peers and the clients, or from all.</summary>
    public Task CutAsync(int worker, bool fromServers, bool fromPeers)
    {
        var name = WorkerName(worker);
        string[] peers = [.. WorkerHosts(_options).Where(host => host != name), ClientHost];
        return Network!.CutAsync(name, [.. fromServers ? ServerHosts : [], .. fromPeers ? peers : []]);
    }

    public async ValueTask DisposeAsync()
    {
        await Servers.DisposeAsync();
        await (Network?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static IEnumerable<string> WorkerHosts(ChaosOptions options)
    {
        var settings = options.ToPlanSettings(hasNetwork: true);
        return Enumerable.Range(0, settings.Workers + settings.Reserve).Select(WorkerName);
    }
}
