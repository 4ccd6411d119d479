using Grid.Spi;
using Microsoft.Extensions.Configuration;

namespace Grid.Samples.FileDiscovery;

/// <summary>Registers the provider <c>File</c>, and URLs such as <c>file:///mnt/share/grid?cluster=demo</c> for clients.</summary>
public sealed class FileDiscoveryPlugin : IGridPlugin
{
    private static readonly string[] Keys = ["Cluster", "Path", "Period"];

    /// <inheritdoc/>
    public void Register(IGridProviders providers)
    {
        providers.AddDiscovery("File", Create);
        providers.AddDiscoveryScheme("file", "File", Read);
    }

    private static FileDiscovery Create(IConfigurationSection section, IServiceProvider services)
    {
        var problems = section.GetChildren().Select(child => child.Key).Except(Keys, StringComparer.OrdinalIgnoreCase)
            .Select(key => $"{section.Path}:{key}: the key is unknown. Accepted: {string.Join(", ", Keys)}.").ToList();
        if (section["Path"] is not { Length: > 0 } path || !Path.IsPathFullyQualified(path))
        {
            problems.Add($"{section.Path}:Path: '{section["Path"]}' is not accepted. Accepted: the absolute path of a folder that all members share.");
        }

        var period = TimeSpan.FromSeconds(0.5);
        if (section["Period"] is { Length: > 0 } text && (!TimeSpan.TryParse(text, out period) || period < TimeSpan.FromMilliseconds(1) || period > TimeSpan.FromMinutes(1)))
        {
            problems.Add($"{section.Path}:Period: '{text}' is not accepted. Accepted: a duration from 00:00:00.001 to 00:01:00.");
        }

        var time = services.GetService(typeof(TimeProvider)) as TimeProvider ?? TimeProvider.System;
        return problems.Count > 0
            ? throw new GridConfigurationException(problems)
            : new FileDiscovery(new SharedFolder(section["Path"]!, section["Cluster"]!, time), period, time);
    }

    private static Dictionary<string, string> Read(DiscoveryUrl url)
    {
        var pairs = new Dictionary<string, string>(url.Query, StringComparer.OrdinalIgnoreCase) { ["Path"] = url.Path };
        return url.Authority.Length == 0 ? pairs : throw new GridConfigurationException([$"{url}: write file:///absolute/path?cluster=name, with three slashes."]);
    }
}
