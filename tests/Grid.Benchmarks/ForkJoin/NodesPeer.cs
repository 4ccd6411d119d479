using Grid.Hosting;
using Microsoft.Extensions.Configuration;

namespace Grid.Benchmarks.ForkJoin;

/// <summary>A worker process with one slot, found by gossip. It says when it has joined and ends when its input does.</summary>
internal static class NodesPeer
{
    public const string Cluster = "bench";

    /// <param name="args">The node's name, the port that it gossips at, and the seed's.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Grid:Cluster"] = Cluster,
            ["Grid:Node:Name"] = args[0],
            ["Grid:Node:Slots"] = "1",
            ["Grid:Discovery:Provider"] = "Gossip",
            ["Grid:Discovery:Gossip:Listen"] = $"127.0.0.1:{args[1]}",
            ["Grid:Discovery:Gossip:Seeds:0"] = $"127.0.0.1:{args[2]}",
            ["Grid:Communication:Tcp:Listen"] = "127.0.0.1:0",
        }).Build();
        await using var node = await GridNode.StartAsync(configuration);
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
