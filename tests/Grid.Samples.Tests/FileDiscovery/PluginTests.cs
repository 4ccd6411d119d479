using Grid.Hosting;
using Microsoft.Extensions.Configuration;

namespace Grid.Samples.Tests.FileDiscovery;

/// <summary>The provider through configuration alone, as an unchanged host loads it.</summary>
[Trait("Lane", "loopback")]
public sealed class PluginTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nodes_that_load_the_plug_in_find_each_other_in_the_folder()
    {
        await using var first = await GridNode.StartAsync(Configure("first"));
        await using var second = await GridNode.StartAsync(Configure("second"));

        Assert.Equal(["first", "second"], second.Nodes.Select(node => node.Name));
        Assert.Equal(4, await second.CallAsync(() => 2 + 2));
    }

    [Fact]
    public async Task A_client_reads_the_scheme_that_the_plug_in_brings()
    {
        await using var worker = await GridNode.StartAsync(Configure("worker"));
        var options = new GridClientOptions { Settings = new Dictionary<string, string?> { ["Plugins:0"] = "FileDiscovery.dll" } };
        await using var client = await GridClient.ConnectAsync($"file://{_folder.Path}?cluster=demo", options);

        Assert.Equal("worker", await client.CallAsync(() => JobContext.Current!.Node.Name));
    }

    [Fact]
    public async Task The_plug_ins_problems_come_with_all_others()
    {
        var exception = await Assert.ThrowsAsync<GridConfigurationException>(() => GridNode.StartAsync(Configure("node", ("Node:Slots", "x"), ("Discovery:File:Path", "here"), ("Discovery:File:Periode", "1"))));

        Assert.Equal(3, exception.Problems.Count);
        Assert.Contains(exception.Problems, problem => problem.StartsWith("Grid:Discovery:File:Path: 'here' is not accepted", StringComparison.Ordinal));
        Assert.Contains(exception.Problems, problem => problem.StartsWith("Grid:Discovery:File:Periode: the key is unknown", StringComparison.Ordinal));
    }

    private IConfiguration Configure(string name, params (string Key, string Value)[] changes)
    {
        var pairs = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Grid:Cluster"] = "demo",
            ["Grid:Plugins:0"] = "FileDiscovery.dll",
            ["Grid:Discovery:Provider"] = "File",
            ["Grid:Discovery:File:Path"] = _folder.Path,
            ["Grid:Discovery:File:Period"] = "00:00:00.02",
            ["Grid:Communication:Tcp:Listen"] = "127.0.0.1:0",
            ["Grid:Node:Name"] = name,
        };
        foreach (var (key, value) in changes)
        {
            pairs["Grid:" + key] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(pairs).Build();
    }
}
