using Grid.Discovery.InMemory;
using Grid.Hosting.Tests.Configuration;
using Grid.Spi;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting.Tests.Nodes;

[Trait("Lane", "loopback")]
public sealed class GridNodeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _registry = Guid.NewGuid().ToString();

    [Fact]
    public async Task Nodes_of_one_registry_and_cluster_find_each_other()
    {
        await using var first = await StartAsync(("Node:Name", "a"), ("Node:Slots", "2"), ("Node:Attributes:zone", "eu"));
        await using var second = await StartAsync(("Node:Name", "b"));
        await using var other = await StartAsync(("Node:Name", "c"), ("Cluster", "other"));

        Assert.Equal(["a", "b"], second.Nodes.Select(node => node.Name));
        Assert.Equal((2, "eu"), (second.Nodes[0].Slots, second.Nodes[0].Attributes["zone"]));
        Assert.Equal(Environment.ProcessorCount, second.LocalNode.Slots);
        Assert.Equal(["c"], other.Nodes.Select(node => node.Name));
    }

    [Fact]
    public async Task Nodes_without_a_name_get_different_ones()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        Assert.Equal(2, second.Nodes.Count);
        Assert.All(second.Nodes, node => Assert.StartsWith(Environment.MachineName, node.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_root_configuration_is_searched_for_the_section_Grid()
    {
        var root = new ConfigurationBuilder().AddConfiguration(Configure()).Build();
        var nested = new ConfigurationBuilder().AddInMemoryCollection(Configure().AsEnumerable().Where(pair => pair.Value is not null)).Build();

        await using var grid = await GridNode.StartAsync(nested).WaitAsync(Patience);

        Assert.False(root.GetSection("Grid").Exists());
        Assert.Single(grid.Nodes);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_in_one_message_the_providers_problems_too()
    {
        var exception = await Assert.ThrowsAsync<GridConfigurationException>(() => StartAsync(
            ("Node:Slots", "x"),
            ("Discovery:InMemory:Registri", "x"),
            ("Communication:Tcp:Listen", "0.0.0.0:47100"),
            ("Communication:Tcp:Advertise", "nowhere"),
            ("LoadBalancing:RoundRobin:Weight", "1"),
            ("LoadBalancing:Provider", "RoundRobin")));

        Assert.Equal(
            ["Grid:Node:Slots", "Grid:Discovery:InMemory:Registri", "Grid:Communication:Tcp:Advertise", "Grid:LoadBalancing:RoundRobin:Weight", "Grid:Communication:Tcp:Listen"],
            exception.Problems.Select(problem => problem[..problem.IndexOf(": ", StringComparison.Ordinal)]));
        Assert.All(exception.Problems, problem => Assert.Contains(problem, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_registered_provider_gets_its_section_with_the_name_of_the_cluster()
    {
        var registry = new InMemoryRegistry();
        (string Path, string? Cluster, string? Setting) seen = default;

        await using var grid = await GridNode.StartAsync(
            Configure(("Discovery:Provider", "mine"), ("Discovery:Mine:Setting", "7")),
            _ => { },
            providers => providers.AddDiscovery("Mine", section =>
            {
                seen = (section.Path, section["Cluster"], section["Setting"]);
                return registry.CreateDiscovery(section["Cluster"]!);
            })).WaitAsync(Patience);

        Assert.Equal(("Grid:Discovery:Mine", "demo", "7"), seen);
        Assert.Single(grid.Nodes);
    }

    [Fact]
    public async Task A_name_cannot_be_registered_twice()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => GridNode.StartAsync(
            Configure(), _ => { }, providers => providers.AddLoadBalancing("roundROBIN", _ => throw new InvalidOperationException("never made"))));

        Assert.Contains("roundROBIN", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_fails_the_start_and_leaves_nothing_registered()
    {
        await using var first = await StartAsync();
        var taken = first.LocalNode.Endpoints[0];

        var exception = await Assert.ThrowsAsync<CommunicationException>(() => StartAsync(("Communication:Tcp:Listen", taken.ToString())));

        Assert.Contains(taken.ToString(), exception.Message, StringComparison.Ordinal);
        Assert.Single(first.Nodes);
    }

    [Fact]
    public async Task A_disposed_node_has_left()
    {
        await using var first = await StartAsync();
        var second = await StartAsync();
        await WaitForAsync(first.Topology, change => change.Kind == TopologyChangeKind.Joined && change.Node!.Id == second.LocalNode.Id);

        await second.DisposeAsync().AsTask().WaitAsync(Patience);
        await second.DisposeAsync().AsTask().WaitAsync(Patience);

        var end = await WaitForAsync(first.Topology, change => change.Kind is TopologyChangeKind.Left or TopologyChangeKind.Failed);
        Assert.Equal(TopologyChangeKind.Left, end.Kind);
        Assert.Single(first.Nodes);
    }

    private static async Task<TopologyChange> WaitForAsync(ITopology topology, Func<TopologyChange, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        await foreach (var change in topology.ChangesAsync(0, limit.Token))
        {
            if (condition(change))
            {
                return change;
            }
        }

        throw new InvalidOperationException("The stream of changes ended.");
    }

    private Task<IGrid> StartAsync(params (string Key, string? Value)[] changes) => GridNode.StartAsync(Configure(changes)).WaitAsync(Patience);

    private IConfigurationSection Configure(params (string Key, string? Value)[] changes) =>
        Settings.Create([("Discovery:InMemory:Registry", _registry), .. changes]);
}
