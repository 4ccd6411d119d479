using System.Globalization;
using System.Net;
using Grid.Discovery.Gossip.Swim;
using Grid.Spi;
using Microsoft.Extensions.Configuration;

namespace Grid.Discovery.Gossip;

/// <summary>
/// Settings of <see cref="GossipDiscovery"/>, section <c>Grid:Discovery:Gossip</c>. Checked together when the provider is made and not read again afterwards. The defaults are
/// those that memberlist publishes for a LAN. n below is the number of nodes.
/// </summary>
public sealed class GossipDiscoveryOptions
{
    private const string Section = "Grid:Discovery:Gossip";
    private const string SeedsFromKey = "SeedsFrom";
    private const int SecretCharsMin = 16;
    private const int SeedsMax = 256;

    /// <summary>The name of the cluster to join, 1 to 128 characters. Required.</summary>
    public string Cluster { get; set; } = "";

    /// <summary>
    /// The secret of the cluster, at least 16 characters; every message carries an HMAC-SHA256 under a key derived from it and the cluster's name. Empty (default): only
    /// loopback addresses are used.
    /// </summary>
    public string Secret { get; set; } = "";

    /// <summary>
    /// <c>host:port</c> of some nodes that are there before others, at most 256; host names are resolved at each attempt. The first founds the cluster when no other has one;
    /// the others wait for it. Empty (default): this node founds a cluster of its own. Give every node the same list.
    /// </summary>
    public IReadOnlyList<string> Seeds { get; set; } = [];

    /// <summary>
    /// Who else knows seeds, and tells others of this node; default nobody. With a source, the address that was offered first founds the cluster, whatever <see cref="Seeds"/> has. Set in code, or by Grid
    /// for <c>SeedsFrom</c>. The provider starts and disposes it.
    /// </summary>
    public ISeedSource? SeedSource { get; set; }

    /// <summary>The IP address and port for UDP and TCP; default <c>127.0.0.1:47200</c>. Port 0 takes any that is free.</summary>
    public string Listen { get; set; } = "127.0.0.1:47200";

    /// <summary>The IP address and port that the others use, where that differs from <see cref="Listen"/>; empty (default): the same. Required for <c>0.0.0.0</c>. Port 0: the port of <see cref="Listen"/>.</summary>
    public string Advertise { get; set; } = "";

    /// <summary>T, one probe round; default 1 s, 10 ms to 1 min. Each node sends 1/T pings per second whatever n. A dead node is first suspected after e/(e-1) T on average and 2n-1 rounds at most.</summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a direct ping may take before others are asked; default 500 ms, 1 ms up to <see cref="ProbeInterval"/>. Should exceed the 99th percentile of the round trip.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Default 4, 1 to 100. A suspect has at least this value * max(1, log10 n) * T to answer: 4 s for 10 nodes, 12 s for 1,000. It is also how long this node trusts its own
    /// membership after its last answered ping. Higher survives longer pauses, lower finds failures sooner.
    /// </summary>
    public int SuspicionMult { get; set; } = 4;

    /// <summary>Default 6, 1 to 60. A suspect that nobody else accuses has so many times the least time; two more accusers bring it down to the least.</summary>
    public int SuspicionMaxMult { get; set; } = 6;

    /// <summary>How often a node exchanges all it knows with another or a seed over TCP; default 30 s, 100 ms to 1 h. Costs n records each time, and heals what packets missed.</summary>
    public TimeSpan PushPullInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a client asks for the members; default 1 s, 10 ms to 1 min. An answer without changes is small.</summary>
    public TimeSpan ClientInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a start looks for a seed; default 30 s, 1 ms to 1 h.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads the settings from their section. Keys that are absent keep their defaults.</summary>
    /// <param name="section">The provider's own section, with <c>Cluster</c> and <c>Security:ClusterSecret</c> as Grid adds them.</param>
    /// <exception cref="GridConfigurationException">A value cannot be read or used; lists every problem.</exception>
    public static GossipDiscoveryOptions Read(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var options = new GossipDiscoveryOptions();
        var reader = new SectionReader(section);
        options.Cluster = section["Cluster"] ?? "";
        options.Secret = section["Security:ClusterSecret"] ?? "";
        options.Seeds = ReadSeeds(section);
        options.Listen = section["Listen"] ?? options.Listen;
        options.Advertise = section["Advertise"] ?? options.Advertise;
        options.ProbeInterval = reader.ReadTime("ProbeInterval", options.ProbeInterval);
        options.ProbeTimeout = reader.ReadTime("ProbeTimeout", options.ProbeTimeout);
        options.SuspicionMult = reader.ReadNumber("SuspicionMult", options.SuspicionMult);
        options.SuspicionMaxMult = reader.ReadNumber("SuspicionMaxMult", options.SuspicionMaxMult);
        options.PushPullInterval = reader.ReadTime("PushPullInterval", options.PushPullInterval);
        options.ClientInterval = reader.ReadTime("ClientInterval", options.ClientInterval);
        options.StartTimeout = reader.ReadTime("StartTimeout", options.StartTimeout);
        string[] problems = [.. reader.Problems, .. options.FindProblems()];
        return problems.Length == 0 ? options : throw new GridConfigurationException(problems);
    }

    /// <summary>
    /// Reads <c>gossip://10.0.0.1:47200,10.0.0.2:47200?cluster=name</c>: the seeds; or <c>gossip://zk1:2181,zk2:2181/root?cluster=name&amp;seedsFrom=zookeeper</c>: where seeds are found.
    /// </summary>
    /// <param name="url">The URL.</param>
    /// <returns>The keys of the section.</returns>
    /// <exception cref="GridConfigurationException">The URL cannot be used; lists every problem.</exception>
    public static IReadOnlyDictionary<string, string> ReadUrl(DiscoveryUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var source = url.Query.FirstOrDefault(pair => pair.Key.Equals(SeedsFromKey, StringComparison.OrdinalIgnoreCase)).Value;
        string[] problems =
        [
            .. url.Query.Keys.Where(key => !key.Equals(SeedsFromKey, StringComparison.OrdinalIgnoreCase))
                .Select(key => $"{url}: the query key {key} is unknown. Accepted: cluster, secret, connectTimeout, name, seedsFrom."),
            .. source is null && url.Path.Trim('/').Length > 0 ? [$"{url}: gossip has no path. Write gossip://host:port,host:port?cluster=name."] : Array.Empty<string>(),
            .. url.Authority.Length == 0 ? [$"{url}: no seed is named. Write gossip://host:port,host:port?cluster=name."] : Array.Empty<string>(),
        ];
        var authority = Uri.UnescapeDataString(url.Authority);
        return problems.Length > 0 ? throw new GridConfigurationException(problems)
            : source is null ? new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [nameof(Seeds)] = authority }
            : ReadSourceUrl(source, authority, url.Path.TrimEnd('/'));
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

    internal IPEndPoint ListenAddress => IPEndPoint.Parse(Listen);

    internal IPEndPoint? AdvertiseAddress => Advertise.Length == 0 ? null : IPEndPoint.Parse(Advertise);

    internal SwimSettings ToSettings() => new()
    {
        ProbeInterval = ProbeInterval,
        ProbeTimeout = ProbeTimeout,
        SuspicionMult = SuspicionMult,
        SuspicionMaxMult = SuspicionMaxMult,
        PushPullInterval = PushPullInterval,
        GossipInterval = ProbeInterval / 5,
    };

    private static Dictionary<string, string> ReadSourceUrl(string source, string authority, string root)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [SeedsFromKey] = source, [$"{source}:ConnectionString"] = authority };
        if (root.Length > 0)
        {
            pairs[$"{source}:Root"] = root;
        }

        return pairs;
    }

    private static string[] ReadSeeds(IConfigurationSection section) =>
    [
        .. (section["Seeds"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        .. section.GetSection("Seeds").GetChildren().Select(child => child.Value ?? ""),
    ];

    private List<string> FindProblems()
    {
        var problems = new List<string>();
        Check(Cluster.Length is >= 1 and <= 128, $"Grid:Cluster has {Cluster.Length} characters; expected a name of 1 to 128");
        Check(Secret.Length is 0 or >= SecretCharsMin, $"Grid:Security:ClusterSecret has {Secret.Length} characters; expected at least {SecretCharsMin}, or none on one machine");
        Check(Seeds.Count <= SeedsMax, $"{Section}:Seeds has {Seeds.Count} addresses; at most {SeedsMax} are accepted");
        problems.AddRange(Seeds.Where(seed => !IsSeed(seed)).Select(seed => $"{Section}:Seeds has '{seed}'; expected host:port, for example 10.0.0.1:47200"));
        CheckAddresses(Check);
        CheckTime(nameof(ProbeInterval), ProbeInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        CheckTime(nameof(ProbeTimeout), ProbeTimeout, TimeSpan.FromMilliseconds(1), ProbeInterval);
        CheckTime(nameof(PushPullInterval), PushPullInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        CheckTime(nameof(ClientInterval), ClientInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        CheckTime(nameof(StartTimeout), StartTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        Check(SuspicionMult is >= 1 and <= 100, $"{Section}:SuspicionMult is {SuspicionMult}; expected 1 to 100");
        Check(SuspicionMaxMult is >= 1 and <= 60, $"{Section}:SuspicionMaxMult is {SuspicionMaxMult}; expected 1 to 60");
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

    private void CheckAddresses(Action<bool, string> check)
    {
        var isListen = IPEndPoint.TryParse(Listen, out var listen);
        IPEndPoint? advertise = null;
        var isAdvertise = Advertise.Length == 0 || IPEndPoint.TryParse(Advertise, out advertise);
        check(isListen, $"{Section}:Listen is '{Listen}'; expected an IP address and port, for example 10.0.0.1:47200");
        check(isAdvertise, $"{Section}:Advertise is '{Advertise}'; expected an IP address and port, for example 10.0.0.1:47200");
        if (isListen && isAdvertise)
        {
            var isAny = listen!.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any);
            check(!isAny || advertise is not null, $"{Section}:Listen is '{Listen}', which the others cannot use; set {Section}:Advertise to the address that they reach");
            check(
                Secret.Length > 0 || IPAddress.IsLoopback(listen.Address),
                $"{Section}:Listen is '{Listen}', which other machines reach, and there is no secret; set Grid:Security:ClusterSecret or listen on 127.0.0.1");
        }
    }

    private static bool IsSeed(string seed)
    {
        try
        {
            return NodeEndpoint.Parse(seed).Port > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
