using System.Diagnostics;
using System.Globalization;

namespace Grid.Testing.Namespaces;

/// <summary>
/// Machines on one network, as network namespaces behind a bridge: each has an address of its own and can be cut off from any other one. A cut loses every packet in
/// both directions without a word, as a broken cable does: both sides are given a hardware address for the other that nobody has. Needs root and iproute2.
/// This file is compiled into each project that needs it.
/// </summary>
internal sealed class NetworkSite : IAsyncDisposable
{
    private const string Mark = "gridns";
    private const string NobodysAddress = "02:00:00:00:00:ff";

    private static int SitesMade;

    private readonly string _prefix;
    private readonly string[] _hosts;

    private NetworkSite(string prefix, string[] hosts)
    {
        _prefix = prefix;
        _hosts = hosts;
    }

    private string Bridge => _prefix + "bridge";

    /// <summary>Why no site can be made here; <see langword="null"/> when one can.</summary>
    public static string? Absence() => !OperatingSystem.IsLinux() ? "network namespaces are Linux's"
        : !Environment.IsPrivilegedProcess ? "network namespaces are made by root only"
        : !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, "ip")))
            ? "the command ip is not installed (Debian: apt-get install --no-install-recommends iproute2)"
        : null;

    /// <summary>Makes the machines, and removes those that a test run has left that is no more.</summary>
    public static async Task<NetworkSite> CreateAsync(params string[] hosts)
    {
        await RemoveLeftoversAsync();
        var site = new NetworkSite($"{Mark}-{Environment.ProcessId}-{BornAt(Environment.ProcessId)}-{Interlocked.Increment(ref SitesMade)}-", hosts);
        try
        {
            await site.BuildAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public string Namespace(string host) => _prefix + host;

    public string Address(string host) => string.Create(CultureInfo.InvariantCulture, $"10.77.0.{Array.IndexOf(_hosts, host) + 1}");

    /// <summary>From here on the machine and the others do not reach each other.</summary>
    public async Task CutAsync(string host, params string[] others)
    {
        foreach (var other in others)
        {
            await RunAsync("-n", Namespace(host), "neigh", "replace", Address(other), "lladdr", NobodysAddress, "nud", "permanent", "dev", "eth0");
            await RunAsync("-n", Namespace(other), "neigh", "replace", Address(host), "lladdr", NobodysAddress, "nud", "permanent", "dev", "eth0");
        }
    }

    /// <summary>Everybody reaches everybody again.</summary>
    public async Task HealAsync()
    {
        foreach (var host in _hosts)
        {
            await RunAsync("-n", Namespace(host), "neigh", "flush", "dev", "eth0", "nud", "permanent");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in (await NamespacesAsync()).Where(name => name.StartsWith(_prefix, StringComparison.Ordinal)))
        {
            await RunAsync("netns", "delete", name);
        }
    }

    private static async Task RemoveLeftoversAsync()
    {
        foreach (var name in await NamespacesAsync())
        {
            // gridns-PID-BIRTH-SITE-host: the birth tells the process from a later one with its number.
            if (name.Split('-') is [Mark, var pid, var birth, _, _] && int.TryParse(pid, CultureInfo.InvariantCulture, out var id) && BornAt(id) != birth)
            {
                await RemoveAsync(name);
            }
        }
    }

    private static async Task RemoveAsync(string name)
    {
        try
        {
            foreach (var inside in (await RunAsync("netns", "pids", name)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var process = Process.GetProcessById(int.Parse(inside, CultureInfo.InvariantCulture));
                process.Kill();
            }

            await RunAsync("netns", "delete", name);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // Another run removes it at this moment; if it is still there, the next one tries again.
        }
    }

    private static async Task<IEnumerable<string>> NamespacesAsync() =>
        (await RunAsync("netns", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]);

    // Field 22 of stat, counted behind the name, which may hold blanks.
    private static string BornAt(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("ip did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return process.ExitCode == 0 ? await output
            : throw new InvalidOperationException($"ip {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
    }

    private async Task BuildAsync()
    {
        await RunAsync("netns", "add", Bridge);
        await RunAsync("-n", Bridge, "link", "add", "br0", "type", "bridge");
        await RunAsync("-n", Bridge, "link", "set", "br0", "up");
        foreach (var host in _hosts)
        {
            var port = "v" + host;
            await RunAsync("netns", "add", Namespace(host));
            await RunAsync("-n", Namespace(host), "link", "set", "lo", "up");
            await RunAsync("-n", Bridge, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", Namespace(host));
            await RunAsync("-n", Bridge, "link", "set", port, "master", "br0", "up");
            await RunAsync("-n", Namespace(host), "address", "add", $"{Address(host)}/24", "dev", "eth0");
            await RunAsync("-n", Namespace(host), "link", "set", "eth0", "up");
        }
    }
}
