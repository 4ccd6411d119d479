using Grid.Testing.ZooKeeper;
using Grid.ZooKeeper;
using Grid.ZooKeeper.Tests.Server;

namespace Grid.Cli.Tests;

/// <summary>The command on a real ZooKeeper server, every part in a process of its own.</summary>
[Trait("Lane", "processes")]
public sealed class ZooKeeperTests(Standalone standalone) : IClassFixture<Standalone>
{
    private ZooKeeperServers Servers => Needs.Servers(standalone.Servers);

    [SkippableFact]
    public async Task A_worker_that_is_killed_is_listed_no_more_and_the_other_runs_the_jobs()
    {
        await using var cluster = await ZooKeeperCluster.StartAsync(Servers, "one", "two");
        Assert.Equal(["one", "two"], await cluster.NodesAsync());
        Assert.Equal(["5"], (await cluster.RunAsync("run", FileCluster.Jobs, "Sums.Add", "2", "3")).Expect(0).Lines);

        await cluster.KillAsync("two");

        Assert.Equal(["7"], (await cluster.RunAsync("run", FileCluster.Jobs, "Sums.Add", "3", "4")).Expect(0).Lines);
        await cluster.UntilNodesAsync("one");
        Assert.Equal(["one"], (await cluster.RunAsync("run", FileCluster.Jobs, "Sums.Where")).Expect(0).Lines);
    }

    [SkippableTheory]
    [InlineData("nodes")]
    [InlineData("doctor")]
    public async Task A_mistyped_cluster_is_told_and_leaves_nothing_behind(string verb)
    {
        await using var cluster = await ZooKeeperCluster.StartAsync(Servers, "one");
        await using var registry = await ZooKeeperClient.ConnectAsync(Servers.ConnectString);
        var before = await registry.GetChildrenAsync("/grid");
        Assert.Contains(cluster.Name, before);

        var result = (await cluster.RunAtAsync(cluster.Url("nope"), verb, "--wait", "3")).Expect(3);

        Assert.Contains("has no cluster 'nope' below '/grid'", string.Join(' ', $"{result.Output}{result.Errors}".Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(before, await registry.GetChildrenAsync("/grid"));
    }
}
