using System.Security.Cryptography;
using Grid.Communication.Tcp;
using Grid.Discovery.InMemory;
using Grid.Discovery.ZooKeeper;
using Grid.LoadBalancing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Hosting;

/// <summary>The providers that come with Grid. Discovery within one process takes its registry by name from the process.</summary>
internal static class BuiltInProviders
{
    /// <summary>The name of the socket provider, whose listen address Grid checks against the security settings.</summary>
    public const string Tcp = "Tcp";

    private const int NameCharsMax = 128;

    public static GridProviders Create()
    {
        var providers = new GridProviders();
        providers.AddDiscovery("InMemory", (section, _) => CreateInMemory(section));
        providers.AddDiscovery("ZooKeeper", ZooKeeperDiscovery.Create);
        providers.AddCommunication(Tcp, CreateTcp);
        providers.AddLoadBalancing("Adaptive", (section, _) => Plain(section, new Adaptive(NewSeed())));
        providers.AddLoadBalancing("ConsistentHash", (section, _) => Plain(section, new ConsistentHash(NewSeed())));
        providers.AddLoadBalancing("LeastInFlight", (section, _) => Plain(section, new LeastInFlight()));
        providers.AddLoadBalancing("RoundRobin", (section, _) => Plain(section, new RoundRobin()));
        providers.AddLoadBalancing("WeightedRandom", (section, _) => Plain(section, new WeightedRandom(NewSeed())));
        return providers;
    }

    private static InMemoryDiscovery CreateInMemory(IConfigurationSection section)
    {
        var reader = new SettingsReader(section);
        var cluster = reader.ReadRequired(ProviderSection.ClusterKey, NameCharsMax, "the name of the cluster");
        var registry = reader.ReadText("Registry", "default", NameCharsMax);
        reader.ThrowIfProblems();
        return InMemoryRegistry.Named(registry).CreateDiscovery(cluster);
    }

    private static TcpCommunication CreateTcp(IConfigurationSection section, IServiceProvider services)
    {
        var reader = new SettingsReader(section);
        var defaults = new TcpCommunicationOptions();
        var options = new TcpCommunicationOptions
        {
            Listen = ReadListen(reader),
            Advertise = reader.ReadEndpoint("Advertise", defaults.Advertise),
            Spin = reader.ReadDuration("Spin", defaults.Spin, TimeSpan.Zero, TimeSpan.FromMilliseconds(1)),
            PipesMax = reader.ReadNumber("PipesMax", defaults.PipesMax, 1, 65_536),
        };
        reader.ThrowIfProblems();
        return new TcpCommunication(options, services.GetRequiredService<ILogger<TcpCommunication>>(), services.GetRequiredService<TimeProvider>());
    }

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
