using Grid.Discovery.InMemory;
using Grid.LoadBalancing;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting;

/// <summary>The providers that come with Grid. Discovery within one process takes its registry by name from the process.</summary>
internal static class BuiltInProviders
{
    private const int NameCharsMax = 128;

    public static GridProviders Create()
    {
        var providers = new GridProviders();
        providers.AddDiscovery("InMemory", (section, _) => CreateInMemory(section));
        providers.AddLoadBalancing("LeastInFlight", (section, _) => Plain(section, new LeastInFlight()));
        providers.AddLoadBalancing("RoundRobin", (section, _) => Plain(section, new RoundRobin()));
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

    private static T Plain<T>(IConfigurationSection section, T provider)
    {
        new SettingsReader(section).ThrowIfProblems();
        return provider;
    }
}
