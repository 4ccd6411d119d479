namespace Grid.Hosting.Tests.Nodes;

[Trait("Lane", "loopback")]
public sealed class LocalGridTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_local_grid_has_its_nodes_in_the_clients_view_and_the_client_in_nobodys()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 3).WaitAsync(Patience);

        Assert.Equal(["node-1", "node-2", "node-3"], local.Client.Nodes.Select(node => node.Name).Order());
        Assert.Equal(local.Nodes, local.Client.Topology.Current.Nodes);
        Assert.All(local.Nodes, node => Assert.True(node.Endpoints is [{ Host: "127.0.0.1", Port: > 0 }] && node.Slots >= 1, $"{node}"));
        Assert.Equal(("client", 0), (local.Client.LocalNode.Name, local.Client.LocalNode.Slots));
    }

    [Fact]
    public async Task A_node_that_is_added_is_in_the_clients_view_at_once()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 1).WaitAsync(Patience);

        var added = await local.AddNodeAsync().WaitAsync(Patience);

        Assert.Equal(added, local.Client.Nodes[1]);
        Assert.Equal(added, local.GetGrid(added).LocalNode);
    }

    [Fact]
    public async Task A_killed_node_has_failed_and_a_stopped_one_has_left()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 3).WaitAsync(Patience);
        var (killed, stopped) = (local.Nodes[0], local.Nodes[1]);
        var version = local.Client.Topology.Current.Version;

        await local.KillAsync(killed).WaitAsync(Patience);
        await local.StopAsync(stopped).WaitAsync(Patience);

        var ends = await TakeEndsAsync(local.Client.Topology, version, 2);
        Assert.Equal([(TopologyChangeKind.Failed, killed.Id), (TopologyChangeKind.Left, stopped.Id)], ends);
        Assert.Single(local.Nodes);
    }

    [Fact]
    public async Task A_node_drains_before_it_leaves()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 2).WaitAsync(Patience);
        var version = local.Client.Topology.Current.Version;
        var stopped = local.Nodes[0];
        await using var changes = local.Client.Topology.ChangesAsync(version).GetAsyncEnumerator();

        await local.StopAsync(stopped).WaitAsync(Patience);

        // A view may skip the draining state when the node has nothing to finish; it never sees it after the end.
        var kinds = new List<TopologyChangeKind>();
        while (!kinds.Contains(TopologyChangeKind.Left))
        {
            Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Patience));
            kinds.Add(changes.Current.Kind);
        }

        Assert.Equal(TopologyChangeKind.Left, kinds[^1]);
        Assert.All(kinds.SkipLast(1), kind => Assert.Equal(TopologyChangeKind.StateChanged, kind));
    }

    [Fact]
    public async Task A_node_that_is_gone_cannot_be_killed_again()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 1).WaitAsync(Patience);
        var node = local.Nodes[0];
        await local.KillAsync(node).WaitAsync(Patience);

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => local.KillAsync(node));

        Assert.Contains(node.Name, exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => local.GetGrid(node));
    }

    [Fact]
    public async Task A_start_that_is_given_up_leaves_nothing_behind_and_throws_the_cancellation() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LocalGrid.StartAsync(nodes: 2, new CancellationToken(canceled: true)).WaitAsync(Patience));

    [Fact]
    public async Task Disposing_twice_does_no_harm()
    {
        var local = await LocalGrid.StartAsync(nodes: 1).WaitAsync(Patience);

        await local.DisposeAsync().AsTask().WaitAsync(Patience);
        await local.DisposeAsync().AsTask().WaitAsync(Patience);

        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => local.AddNodeAsync().WaitAsync(Patience));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(1001, 0)]
    [InlineData(1, -1)]
    public async Task Sizes_out_of_range_are_refused(int nodes, int slots) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => LocalGrid.StartAsync(new LocalGridOptions { Nodes = nodes, SlotsPerNode = slots }));

    private static async Task<List<(TopologyChangeKind Kind, NodeId Id)>> TakeEndsAsync(ITopology topology, long afterVersion, int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        var ends = new List<(TopologyChangeKind, NodeId)>();
        await foreach (var change in topology.ChangesAsync(afterVersion, limit.Token))
        {
            if (change.Kind is TopologyChangeKind.Left or TopologyChangeKind.Failed)
            {
                ends.Add((change.Kind, change.Node!.Id));
            }

            if (ends.Count == count)
            {
                break;
            }
        }

        return ends;
    }
}
