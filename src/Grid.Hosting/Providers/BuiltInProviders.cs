using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Grid.Communication.Tcp;
using Grid.Discovery;
using Grid.Discovery.Gossip;
using Grid.Discovery.InMemory;
using Grid.Discovery.ZooKeeper;
using Grid.LoadBalancing;
using Grid.Spi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Hosting;

/// <summary>The providers that come with Grid. Discovery within one process takes its registry by name from the process.</summary>
internal static class BuiltInProviders
{
    /// <summary>The name of the socket provider, whose listen address Grid checks against the security settings.</summary>
    public const string Tcp = "Tcp";

    /// <summary>Discovery by SWIM.</summary>
    public const string Gossip = "Gossip";

    private const string ZooKeeper = "ZooKeeper";
    private const int NameCharsMax = 128;

    public static GridProviders Create()
    {
        var providers = new GridProviders();
        providers.AddDiscovery("InMemory", (section, _) => CreateInMemory(section));
        providers.AddDiscovery(ZooKeeper, ZooKeeperDiscovery.Create);
        providers.AddDiscovery(Gossip, CreateGossip);
        providers.AddDiscoveryScheme("inmemory", "InMemory", ReadInMemoryUrl);
        providers.AddDiscoveryScheme("zookeeper", ZooKeeper, ZooKeeperDiscoveryOptions.ReadUrl);
        providers.AddDiscoveryScheme("gossip", Gossip, GossipDiscoveryOptions.ReadUrl);
        providers.AddCommunication(Tcp, CreateTcp);
        providers.AddLoadBalancing("Adaptive", (section, _) => Plain(section, new Adaptive(NewSeed())));
        providers.AddLoadBalancing("ConsistentHash", (section, _) => Plain(section, new ConsistentHash(NewSeed())));
        providers.AddLoadBalancing("LeastInFlight", (section, _) => Plain(section, new LeastInFlight()));
        providers.AddLoadBalancing("RoundRobin", (section, _) => Plain(section, new RoundRobin()));
        providers.AddLoadBalancing("WeightedRandom", (section, _) => Plain(section, new WeightedRandom(NewSeed())));
        CollisionProviders.Register(providers);
        FailoverProviders.Register(providers);
        CheckpointProviders.Register(providers);
        return providers;
    }

    private static Dictionary<string, string> ReadInMemoryUrl(DiscoveryUrl url)
    {
        string[] problems =
        [
            .. url.Query.Keys.Select(key => $"{url}: the query key {key} is unknown. Accepted: cluster, secret, connectTimeout, name."),
            .. url.Path.Length > 1 ? [$"{url}: a registry of this process has no path. Write inmemory://registry?cluster=name."] : Array.Empty<string>(),
        ];
        return problems.Length > 0 ? throw new GridConfigurationException(problems)
            : url.Authority.Length > 0 ? new Dictionary<string, string> { ["Registry"] = url.Authority } : [];
    }

    private static InMemoryDiscovery CreateInMemory(IConfigurationSection section)
    {
        var reader = new SettingsReader(section);
        reader.LeaveOut(ProviderSection.SecurityKey);
        var cluster = reader.ReadRequired(ProviderSection.ClusterKey, NameCharsMax, "the name of the cluster");
        var registry = reader.ReadText("Registry", "default", NameCharsMax);
        reader.ThrowIfProblems();
        return InMemoryRegistry.Named(registry).CreateDiscovery(cluster);
    }

    private static IDiscoverySpi CreateGossip(IConfigurationSection section, IServiceProvider services)
    {
        var from = section["SeedsFrom"] ?? "";
        return from.ToUpperInvariant() switch
        {
            "" => GossipDiscovery.Create(section, services),
            "ZOOKEEPER" => GossipDiscovery.Create(section, services, CreateZooKeeperSeeds(section, services)),
            _ => throw new GridConfigurationException([$"{section.Path}:SeedsFrom: '{from}' is not accepted. Accepted: ZooKeeper, or nothing for the list {section.Path}:Seeds."]),
        };
    }

    private static ISeedSource CreateZooKeeperSeeds(IConfigurationSection gossip, IServiceProvider services)
    {
        var section = ProviderSection.Create(gossip, ZooKeeper, [new(ProviderSection.ClusterKey, gossip[ProviderSection.ClusterKey])]);
        try
        {
            return ZooKeeperSeeds.Create(section, services);
        }
        catch (GridConfigurationException exception)
        {
            // The options take the section for that of the provider of the same name.
            throw new GridConfigurationException([.. exception.Problems.Select(problem => problem.Replace("Grid:Discovery:ZooKeeper", section.Path, StringComparison.Ordinal))]);
        }
    }

    private static TcpCommunication CreateTcp(IConfigurationSection section, IServiceProvider services)
    {
        var reader = new SettingsReader(section);
        reader.LeaveOut(ProviderSection.SecurityKey);
        var time = services.GetRequiredService<TimeProvider>();
        var defaults = new TcpCommunicationOptions();
        var options = new TcpCommunicationOptions
        {
            Listen = ReadListen(reader),
            Advertise = reader.ReadEndpoint("Advertise", defaults.Advertise),
            Spin = reader.ReadDuration("Spin", defaults.Spin, TimeSpan.Zero, TimeSpan.FromMilliseconds(1)),
            PipesMax = reader.ReadNumber("PipesMax", defaults.PipesMax, 1, 65_536),
            IsLoopbackOnly = section["Security:IsLoopbackOnly"] == "true",
            Tls = MakeTls(section.GetSection(ProviderSection.SecurityKey)),
        };
        reader.AddProblems((options.Tls?.Validate(time.GetUtcNow()) ?? []).Select(problem => PathOfSecurity(section) + problem));
        reader.ThrowIfProblems();
        return new TcpCommunication(options, services.GetRequiredService<ILogger<TcpCommunication>>(), time, services.GetService<IMeterFactory>());
    }

    // One of the two without the other is told as a problem by the options.
    private static TlsOptions? MakeTls(IConfigurationSection security) =>
        string.IsNullOrEmpty(security["Certificate"]) && string.IsNullOrEmpty(security["TrustedRoot"]) ? null : new TlsOptions
        {
            Certificate = security["Certificate"] ?? "",
            CertificateKey = security["CertificateKey"] ?? "",
            CertificatePassword = security["CertificatePassword"] ?? "",
            TrustedRoot = security["TrustedRoot"] ?? "",
        };

    // The user wrote the keys beside Communication, not below it.
    private static string PathOfSecurity(IConfigurationSection tcp) =>
        string.Concat(tcp.Path.AsSpan(0, tcp.Path.Length - $"Communication:{Tcp}".Length), "Security:");

    /// <summary>Where the socket provider would listen.</summary>
    public static NodeEndpoint ReadListen(SettingsReader reader) => reader.ReadEndpoint("Listen", null) ?? new TcpCommunicationOptions().Listen;

    /// <summary>Seeds differ between nodes, or they would all draw the same.</summary>
    public static int NewSeed() => RandomNumberGenerator.GetInt32(int.MaxValue);

    private static T Plain<T>(IConfigurationSection section, T provider)
    {
        new SettingsReader(section).ThrowIfProblems();
        return provider;
    }
}
