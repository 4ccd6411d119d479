using System.Diagnostics;
using System.Globalization;

namespace Grid.Testing.ZooKeeper;

/// <summary>
/// Real ZooKeeper servers for tests and measurements, run by <c>zk.sh</c>: free ports, a temporary folder, stopped by process id and, should
/// this process die, by themselves. This file is compiled into each project that needs it.
/// </summary>
internal sealed class ZooKeeperServers : IAsyncDisposable
{
    private static readonly TimeSpan CommandMax = TimeSpan.FromSeconds(90);

    /// <summary>zk.sh puts the client port of the server with the number i at P+i-1 and its TLS port at P+60+i.</summary>
    private const int SecurePortOffset = 61;
    private readonly string _directory;

    private ZooKeeperServers(string directory, string connectString)
    {
        _directory = directory;
        ConnectString = connectString;
    }

    /// <summary>All servers, <c>host:port</c> separated by commas.</summary>
    public string ConnectString { get; }

    /// <summary>The TLS ports of all servers, if started with <c>--tls</c>.</summary>
    public string SecureConnectString => string.Join(',', ConnectString.Split(',').Select(server => $"localhost:{ClientPort(server) + SecurePortOffset}"));

    /// <summary>Where the server with the number keeps its things; keys made by <c>--tls</c> are in the folder <c>tls</c>.</summary>
    public string Directory => _directory;

    /// <summary>Why no server can be started here; <see langword="null"/> when one can.</summary>
    public static string? Absence()
    {
        if (!File.Exists("/bin/bash") && !File.Exists("/usr/bin/bash"))
        {
            return "zk.sh needs bash";
        }

        var hasJava = IsOnPath("java") || Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 };
        var hasZooKeeper = Environment.GetEnvironmentVariable("ZOOKEEPER_HOME") is { Length: > 0 } || File.Exists("/usr/share/java/zookeeper.jar");
        return (hasJava, hasZooKeeper) switch
        {
            (true, true) => null,
            (false, _) => "java is not installed (Debian: apt-get install --no-install-recommends libzookeeper-java default-jre-headless)",
            _ => "ZooKeeper is not installed (Debian: apt-get install --no-install-recommends libzookeeper-java; elsewhere set ZOOKEEPER_HOME)",
        };
    }

    /// <summary>Starts servers and waits until all of them serve.</summary>
    /// <param name="arguments">Arguments of <c>zk.sh start</c> besides the directory and the owner.</param>
    public static async Task<ZooKeeperServers> StartAsync(params string[] arguments)
    {
        var directory = Path.Combine(Path.GetTempPath(), $"grid-zk-{Environment.ProcessId}-{Guid.NewGuid():N}");
        var owner = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var connect = await RunAsync(["start", "--dir", directory, "--owner", owner, .. arguments]);
        return new ZooKeeperServers(directory, connect.Trim());
    }

    /// <summary>Ends a server without warning; its data stays.</summary>
    public Task KillAsync(params int[] servers) => CommandAsync("kill", servers);

    /// <summary>Starts killed servers again and waits until they serve.</summary>
    public Task ReviveAsync(params int[] servers) => CommandAsync("revive", servers);

    /// <summary>Stops servers without closing anything: they neither answer nor refuse.</summary>
    public Task PauseAsync(params int[] servers) => CommandAsync("pause", servers);

    /// <summary>Lets paused servers go on.</summary>
    public Task ResumeAsync(params int[] servers) => CommandAsync("resume", servers);

    /// <summary>Starts again what a test that failed has left dead, and lets go what it has left paused.</summary>
    public async Task HealAsync()
    {
        foreach (var line in (await RunAsync(["status", "--dir", _directory], mayFail: true)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            var server = int.Parse(words[0], CultureInfo.InvariantCulture);
            await (words[1] switch
            {
                "dead" => ReviveAsync(server),
                "paused" => ResumeAsync(server),
                _ => Task.CompletedTask,
            });
        }
    }

    /// <summary>The number of the leader, or of a standalone server.</summary>
    public async Task<int> LeaderAsync() => int.Parse(await RunAsync(["leader", "--dir", _directory]), CultureInfo.InvariantCulture);

    /// <summary>The address of one server.</summary>
    public string Address(int server) => ConnectString.Split(',')[server - 1];

    /// <summary>The number of the server with this port.</summary>
    public int ServerAt(int port) => Array.FindIndex(ConnectString.Split(','), server => ClientPort(server) == port) + 1;

    public async ValueTask DisposeAsync() => await RunAsync(["stop", "--dir", _directory, "--clean"]);

    private static int ClientPort(string server) => int.Parse(server[(server.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<string> RunAsync(IEnumerable<string> arguments, bool mayFail = false)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "zk.sh");
        var start = new ProcessStartInfo("bash", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        using var patience = new CancellationTokenSource(CommandMax);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        if (process.ExitCode != 0 && !mayFail)
        {
            throw new InvalidOperationException($"zk.sh {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
        }

        return await output;
    }

    private async Task CommandAsync(string command, int[] servers) =>
        await RunAsync([command, .. servers.Select(server => server.ToString(CultureInfo.InvariantCulture)), "--dir", _directory]);
}
