using Microsoft.Extensions.Configuration;

namespace Grid.Hosting;

/// <summary>The section that a provider's factory gets: a copy of what the user wrote, under the same path, and what Grid adds.</summary>
internal static class ProviderSection
{
    /// <summary>Added to the section of a discovery provider: the name of the cluster.</summary>
    public const string ClusterKey = "Cluster";

    public static IConfigurationSection Create(IConfiguration root, string key, params ReadOnlySpan<KeyValuePair<string, string?>> added)
    {
        var section = root.GetSection(key);
        var pairs = section.AsEnumerable().ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in added)
        {
            pairs[ConfigurationPath.Combine(section.Path, name)] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(pairs).Build().GetSection(section.Path);
    }
}
