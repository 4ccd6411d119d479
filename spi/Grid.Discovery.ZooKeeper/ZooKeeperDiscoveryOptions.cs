using System.Globalization;
using System.Net.Security;
using System.Text;
using Grid.Discovery.ZooKeeper.Records;
using Grid.Spi;
using Microsoft.Extensions.Configuration;

namespace Grid.Discovery.ZooKeeper;

/// <summary>Settings of <see cref="ZooKeeperDiscovery"/>, section <c>Grid:Discovery:ZooKeeper</c>. Checked together when the provider is made and not read again afterwards.</summary>
public sealed class ZooKeeperDiscoveryOptions
{
    private const string Section = "Grid:Discovery:ZooKeeper";
    private static readonly string[] UrlKeys = [nameof(Auth), nameof(SessionTimeout), nameof(StartTimeout), nameof(Tls)];

    /// <summary>
    /// Servers and an optional chroot, which must exist: <c>zk1:2181,zk2:2181,zk3:2181/apps</c>. Required. Name every server of the
    /// ensemble: a server that is not named is neither used nor counted by <see cref="HoldsThroughOutage"/>.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The znode under which the clusters are, absolute; default <c>/grid</c>. Created if it is missing.</summary>
    public string Root { get; set; } = "/grid";

    /// <summary>The name of the cluster to join, any text of 1 to 128 characters. Required. Its znode is the name with percent escapes.</summary>
    public string Cluster { get; set; } = "";

    /// <summary>
    /// T, the session timeout; 1 s to 1 h, default 10 s. A dead process is gone after 2/3 T to T plus one tick of the servers. A node that hears nothing is
    /// suspended after T/3 and fenced 0.6 T after the last answered request was sent. Lower finds failures sooner; higher survives longer pauses and server changes.
    /// The servers must grant it (<c>maxSessionTimeout</c> is 20 ticks unless set); less than asked for fails the start.
    /// </summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// <c>digest:user:secret</c>, or empty (default): no identity. With an identity, everything is created so that only it can read or change it, and a cluster
    /// that others may change is refused. The secret crosses the network readable: use TLS.
    /// </summary>
    public string Auth { get; set; } = "";

    /// <summary>Whether to use TLS with the system's trust store; default <see langword="false"/>. <see cref="TlsOptions"/> has the rest.</summary>
    public bool Tls { get; set; }

    /// <summary>TLS settings for private authorities and client certificates; default none. Set in code only; implies <see cref="Tls"/>.</summary>
    public SslClientAuthenticationOptions? TlsOptions { get; set; }

    /// <summary>How long the start, and each attempt to rejoin, looks for a server that serves; default 30 s, 1 ms to 1 h. The caller's token may end it sooner.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The upper bound, per member, of the random delay before a change is read; default 100 microseconds (0.1 s for 1,000 members), 0 to 10 ms. All members hear of a
    /// change at once; higher spreads their reads and lets one read cover more changes, lower tells them sooner.
    /// </summary>
    public TimeSpan ReadDelayPerMember { get; set; } = TimeSpan.FromMicroseconds(100);

    /// <summary>The least upper bound of that delay; default 20 ms, 0 to 10 s.</summary>
    public TimeSpan ReadDelayMin { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// The greatest upper bound of that delay, also in force while many members join or leave at once; default 1 s, at least <see cref="ReadDelayMin"/>, at most 60 s. When a
    /// read takes longer than half of it, twice what the read took is in force instead; while many have been joining for longer than it, the time for which they have; both up to ten
    /// times this value. A start that took a quarter of it waits once to twice as long as it took, at most five times this, before it reads the members: it is one of many.
    /// </summary>
    public TimeSpan ReadDelayMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often the member list is read although nothing was heard, in case a notification was lost; default 5 min, 1 s to 1 day. Costs one
    /// request per node and period. The longest-standing member removes the marks of members that left when they are one to two periods old.
    /// </summary>
    public TimeSpan SweepPeriod { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whether the node keeps its membership while every server named in <see cref="ConnectionString"/> is reachable and refuses to serve (its port is closed, or it
    /// says itself that it has no quorum); default <see langword="true"/>. An ensemble that does not serve cannot expire a session, and when it
    /// serves again it gives each session its full timeout. Switch it off where something between nodes and servers closes connections in the servers' name (some
    /// firewalls, proxies and load balancers): a node that is cut off by it would believe that ZooKeeper is down for everybody.
    /// </summary>
    public bool HoldsThroughOutage { get; set; } = true;

    /// <summary>Reads the settings from their section. Keys that are absent keep their defaults.</summary>
    /// <param name="section">The provider's own section.</param>
    /// <exception cref="GridConfigurationException">A value cannot be read or used; lists every problem.</exception>
    public static ZooKeeperDiscoveryOptions Read(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var options = new ZooKeeperDiscoveryOptions();
        var reader = new SectionReader(section);
        options.ConnectionString = section["ConnectionString"] ?? options.ConnectionString;
        options.Root = section["Root"] ?? options.Root;
        options.Cluster = section["Cluster"] ?? options.Cluster;
        options.Auth = section["Auth"] ?? options.Auth;
        options.Tls = reader.ReadBool("Tls", options.Tls);
        options.HoldsThroughOutage = reader.ReadBool("HoldsThroughOutage", options.HoldsThroughOutage);
        options.SessionTimeout = reader.ReadTime("SessionTimeout", options.SessionTimeout);
        options.StartTimeout = reader.ReadTime("StartTimeout", options.StartTimeout);
        options.ReadDelayPerMember = reader.ReadTime("ReadDelayPerMember", options.ReadDelayPerMember);
        options.ReadDelayMin = reader.ReadTime("ReadDelayMin", options.ReadDelayMin);
        options.ReadDelayMax = reader.ReadTime("ReadDelayMax", options.ReadDelayMax);
        options.SweepPeriod = reader.ReadTime("SweepPeriod", options.SweepPeriod);
        string[] problems = [.. reader.Problems, .. options.FindProblems()];
        return problems.Length == 0 ? options : throw new GridConfigurationException(problems);
    }

    /// <summary>
    /// Reads <c>zookeeper://zk1:2181,zk2:2181/root?cluster=name</c>: the servers, the root under which the clusters are, and in the query <c>auth</c>, <c>tls</c>,
    /// <c>sessionTimeout</c> and <c>startTimeout</c> as in the section.
    /// </summary>
    /// <param name="url">The URL.</param>
    /// <returns>The keys of the section.</returns>
    /// <exception cref="GridConfigurationException">The URL cannot be used; lists every problem.</exception>
    public static IReadOnlyDictionary<string, string> ReadUrl(DiscoveryUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [nameof(ConnectionString)] = Uri.UnescapeDataString(url.Authority) };
        if (url.Path.Trim('/').Length > 0)
        {
            pairs[nameof(Root)] = url.Path.TrimEnd('/');
        }

        var problems = new List<string>();
        foreach (var (key, value) in url.Query)
        {
            if (UrlKeys.FirstOrDefault(known => known.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } name)
            {
                pairs[name] = value;
            }
            else
            {
                problems.Add($"{url}: the query key {key} is unknown. Accepted: cluster, secret, connectTimeout, name, {string.Join(", ", UrlKeys)} (in any case).");
            }
        }

        return problems.Count == 0 ? pairs : throw new GridConfigurationException(problems);
    }

    /// <summary>Checks all settings.</summary>
    /// <exception cref="GridConfigurationException">Some cannot be used; lists every problem.</exception>
    public void Validate()
    {
        if (FindProblems() is { Count: > 0 } problems)
        {
            throw new GridConfigurationException(problems);
        }
    }

    /// <summary>User and password of <see cref="Auth"/>; <see langword="null"/> without or with a malformed one.</summary>
    internal (string User, string Secret)? Identity => Auth.Split(':', 3) is ["digest", { Length: > 0 } user, { Length: > 0 } secret] ? (user, secret) : null;

    private List<string> FindProblems()
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(ConnectionString))
        {
            problems.Add($"{Section}:ConnectionString is missing; list every server, for example zk1:2181,zk2:2181,zk3:2181");
        }
        else if (ServerList.TryParse(ConnectionString, out _) is { } fault)
        {
            problems.Add($"{Section}:ConnectionString: {fault}");
        }

        Check(Cluster.Length is >= 1 and <= 128 && IsText(Cluster), $"Grid:Cluster is '{Cluster}'; expected a name of 1 to 128 characters of valid Unicode");
        Check(IsPath(Root), $"{Section}:Root is '{Root}'; expected an absolute path such as /grid, without empty, '.' or '..' parts, control or surrogate characters");
        Check(Auth.Length == 0 || Identity is not null, $"{Section}:Auth is not of the form digest:user:secret (its value is not shown here)");
        CheckTime(nameof(SessionTimeout), SessionTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        CheckTime(nameof(StartTimeout), StartTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        CheckTime(nameof(ReadDelayPerMember), ReadDelayPerMember, TimeSpan.Zero, TimeSpan.FromMilliseconds(10));
        CheckTime(nameof(ReadDelayMin), ReadDelayMin, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        CheckTime(nameof(ReadDelayMax), ReadDelayMax, ReadDelayMin, TimeSpan.FromSeconds(60));
        CheckTime(nameof(SweepPeriod), SweepPeriod, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        return problems;

        void CheckTime(string key, TimeSpan value, TimeSpan least, TimeSpan most) =>
            Check(value >= least && value <= most, string.Create(CultureInfo.InvariantCulture, $"{Section}:{key} is {value}; expected {least} to {most}"));

        void Check(bool isRight, string problem)
        {
            if (!isRight)
            {
                problems.Add(problem);
            }
        }
    }

    private static bool IsText(string text)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text) > 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static bool IsPath(string path) =>
        path == "/" || (path.StartsWith('/') && path[1..].Split('/').All(part => part.Length > 0 && part is not "." and not "..") && !path.Any(IsRefused));

    private static bool IsRefused(char c) => char.IsControl(c) || char.IsSurrogate(c) || c is '\uF8FF' or >= '\uFFF0';
}
