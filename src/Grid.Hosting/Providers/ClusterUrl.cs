using Grid.Spi;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting;

/// <summary>Turns the URL of a cluster into the keys that it stands for.</summary>
internal static class ClusterUrl
{
    private static readonly Dictionary<string, string> OwnKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cluster"] = "Cluster",
        ["secret"] = "Security:ClusterSecret",
        ["connectTimeout"] = "Client:ConnectTimeout",
        ["name"] = "Client:Name",
    };

    /// <summary>The configuration with what its URL says, if it has one.</summary>
    /// <param name="section">The section with Grid's keys.</param>
    /// <param name="providers">Who reads which scheme.</param>
    /// <returns>The section to read from now on, and what is wrong with the URL.</returns>
    public static (IConfiguration Section, IReadOnlyList<string> Problems) Apply(IConfiguration section, GridProviders providers)
    {
        if (section[ClientOptions.UrlKey] is not { Length: > 0 } text)
        {
            return (section, []);
        }

        var prefix = section is IConfigurationSection { Path: var path } ? path : "";
        try
        {
            var url = DiscoveryUrl.Parse(text);
            var pairs = section.AsEnumerable().ToDictionary(StringComparer.OrdinalIgnoreCase);
            foreach (var (key, value) in Read(url, providers))
            {
                pairs[prefix.Length == 0 ? key : ConfigurationPath.Combine(prefix, key)] = value;
            }

            var merged = new ConfigurationBuilder().AddInMemoryCollection(pairs).Build();
            IConfiguration applied = prefix.Length == 0 ? merged : merged.GetSection(prefix);
            return string.IsNullOrWhiteSpace(applied["Cluster"]) ? (section, [$"{url} names no cluster. Add it: {url}?cluster=name."]) : (applied, []);
        }
        catch (FormatException exception)
        {
            return (section, [exception.Message]);
        }
        catch (GridConfigurationException exception)
        {
            return (section, exception.Problems);
        }
    }

    private static Dictionary<string, string> Read(DiscoveryUrl url, GridProviders providers)
    {
        if (!providers.Schemes.TryGetValue(url.Scheme, out var scheme))
        {
            var known = string.Join(", ", providers.Schemes.Keys.Order(StringComparer.Ordinal).Select(name => name + "://"));
            throw new FormatException($"No discovery provider reads {url.Scheme}:// (in {url}). There are: {known}; a plug-in (Grid:Plugins) can bring others.");
        }

        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Discovery:Provider"] = scheme.Provider };
        foreach (var (key, value) in url.Query.Where(pair => OwnKeys.ContainsKey(pair.Key)))
        {
            pairs[OwnKeys[key]] = value;
        }

        var rest = url with { Query = url.Query.RemoveRange(OwnKeys.Keys) };
        foreach (var (key, value) in scheme.Read(rest))
        {
            pairs[ConfigurationPath.Combine("Discovery", scheme.Provider, key)] = value;
        }

        return pairs;
    }
}
