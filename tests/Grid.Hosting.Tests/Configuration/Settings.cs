using Microsoft.Extensions.Configuration;

namespace Grid.Hosting.Tests.Configuration;

/// <summary>Configurations of tests.</summary>
internal static class Settings
{
    /// <summary>Valid settings, changed and completed by others; an empty value takes a key away.</summary>
    public static IConfigurationSection Create(params (string Key, string? Value)[] changes)
    {
        var pairs = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Grid:Cluster"] = "demo",
            ["Grid:Discovery:Provider"] = "InMemory",
            ["Grid:Communication:Tcp:Listen"] = "127.0.0.1:0",
        };
        foreach (var (key, value) in changes)
        {
            pairs[$"Grid:{key}"] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(pairs).Build().GetSection("Grid");
    }
}
