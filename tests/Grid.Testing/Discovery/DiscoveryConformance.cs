using Xunit;

namespace Grid.Testing;

/// <summary>
/// What every discovery provider must do while its registry answers. Derive from it with your own
/// <see cref="DiscoveryFixture"/>; <see cref="DiscoveryFaultConformance"/> holds the other half of the contract.
/// </summary>
public abstract class DiscoveryConformance : IAsyncLifetime
{
    private readonly DiscoveryFixture _fixture;
    private readonly DiscoveryScene _scene;

    /// <summary>Makes the suite for one test.</summary>
    /// <param name="fixture">Makes the providers.</param>
    protected DiscoveryConformance(DiscoveryFixture fixture)
    {
        _fixture = fixture;
        _scene = new DiscoveryScene(fixture);
    }

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await _scene.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_node_that_joins_sees_itself_with_a_join_order()
    {
        var node = await _scene.JoinAsync("alone");

        var snapshot = await node.UntilMembersAsync(node.Local!.Key);

        Assert.True(snapshot.Members[0].JoinOrder > 0);
        Assert.Equal(node.Local, snapshot.Members[0] with { JoinOrder = 0 });
    }

    [SkippableFact]
    public async Task A_node_that_has_started_is_found_by_everybody()
    {
        var early = await _scene.JoinAsync("early");
        var late = await _scene.JoinAsync("late");
        var client = await _scene.ObserveAsync();

        var first = await client.UntilAnyAsync("a snapshot", seen => seen.Count > 0 ? seen[0] : null);

        Assert.Equal([early.Local!.Key, late.Local!.Key], first.Members.OrderBy(member => member.JoinOrder).Select(member => member.Key));
        await early.UntilMembersAsync(early.Local!.Key, late.Local!.Key);
    }

    [SkippableFact]
    public async Task All_members_and_clients_get_the_same_cluster_id()
    {
        var nodes = await _scene.JoinManyAsync(4);
        var client = await _scene.ObserveAsync();

        Assert.All(nodes, node => Assert.Equal(client.Cluster, node.Cluster));
        Assert.NotEqual(default, client.Cluster);
    }

    [SkippableFact]
    public async Task Clusters_of_different_names_are_apart()
    {
        var here = await _scene.JoinAsync("same-name");
        var there = await _scene.JoinAsync("same-name", _fixture.Cluster + "-2");

        await here.UntilMembersAsync(here.Local!.Key);
        await there.UntilMembersAsync(there.Local!.Key);
        Assert.NotEqual(here.Cluster, there.Cluster);
    }

    [SkippableFact]
    public async Task A_client_is_seen_by_nobody()
    {
        var node = await _scene.JoinAsync("node");
        await _scene.ObserveAsync();
        var client = await _scene.ObserveAsync();

        await node.UntilMembersAsync(node.Local!.Key);
        await client.UntilMembersAsync(node.Local!.Key);
        Assert.All(node.Seen, snapshot => Assert.All(snapshot.Members, member => Assert.Equal(node.Local!.Key, member.Key)));
    }

    [SkippableFact]
    public async Task A_client_that_comes_before_the_first_node_sees_it()
    {
        var client = await _scene.CreateAsync(null);
        var starting = client.StartAsync();
        var node = await _scene.JoinAsync("node");

        await starting;
        await client.UntilMembersAsync(node.Local!.Key);

        Assert.Equal(node.Cluster, client.Cluster);
    }

    [SkippableFact]
    public async Task A_client_holds_no_membership_and_has_no_record_to_update()
    {
        await _scene.JoinAsync("node");
        var client = await _scene.ObserveAsync();

        Assert.False(client.Spi.HoldsMembership);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Spi.UpdateAsync(DiscoveryScene.NewRecord("nobody"), client.Limit()));
    }

    [SkippableFact]
    public async Task Membership_is_held_from_start_to_stop()
    {
        var node = await _scene.CreateAsync(DiscoveryScene.NewRecord("node"));
        Assert.False(node.Spi.HoldsMembership);

        await node.StartAsync();
        Assert.True(node.Spi.HoldsMembership);

        await node.Spi.StopAsync(node.Limit());
        Assert.False(node.Spi.HoldsMembership);
    }

    [SkippableFact]
    public async Task A_later_join_has_a_greater_join_order()
    {
        var keys = new List<NodeKey>();
        for (var i = 0; i < 5; i++)
        {
            keys.Add((await _scene.JoinAsync($"node-{i}")).Local!.Key);
        }

        var client = await _scene.ObserveAsync();
        var snapshot = await client.UntilMembersAsync([.. keys]);

        Assert.Equal(keys, snapshot.Members.OrderBy(member => member.JoinOrder).Select(member => member.Key));
        Assert.Equal(5, snapshot.Members.DistinctBy(member => member.JoinOrder).Count());
    }

    [SkippableFact]
    public async Task Versions_never_fall_and_a_repeated_one_means_the_same_members()
    {
        var watcher = await _scene.JoinAsync("watcher");
        for (var i = 0; i < 5; i++)
        {
            var node = await _scene.JoinAsync($"node-{i}");
            await node.UpdateAsync(node.Local! with { State = NodeState.Draining });
            await node.Spi.StopAsync(node.Limit());
        }

        await watcher.UntilMembersAsync(watcher.Local!.Key);
        var seen = watcher.Seen;
        foreach (var (earlier, later) in seen.Zip(seen.Skip(1)))
        {
            Assert.True(later.Version >= earlier.Version, $"version {later.Version} after {earlier.Version}");
            Assert.True(later.Version > earlier.Version || later.Members.SequenceEqual(earlier.Members), $"version {later.Version} has two member lists");
        }
    }

    [SkippableFact]
    public async Task An_update_replaces_the_record_and_keeps_the_join_order()
    {
        var node = await _scene.JoinAsync("node");
        var other = await _scene.JoinAsync("other");
        var before = await other.UntilMembersAsync(node.Local!.Key, other.Local!.Key);

        await node.UpdateAsync(node.Local! with { State = NodeState.Draining, Slots = 9, Attributes = node.Local!.Attributes.SetItem("gpu", "2") });

        var after = await other.UntilAsync("the update", snapshot => Find(snapshot.Members, node) is { State: NodeState.Draining });
        Assert.Equal(node.Local! with { JoinOrder = Find(before.Members, node)!.JoinOrder }, Find(after.Members, node));
    }

    [SkippableFact]
    public async Task A_node_that_stops_is_seen_to_leave_on_purpose()
    {
        var node = await _scene.JoinAsync("node");
        var other = await _scene.JoinAsync("other");
        await other.UntilMembersAsync(node.Local!.Key, other.Local!.Key);

        await node.Spi.StopAsync(node.Limit());

        await other.UntilMembersAsync(other.Local!.Key);
        Assert.True(HasSaidGoodBye(other, node.Local!.Key), "Neither the state Leaving nor Departed named the node.");
    }

    [SkippableFact]
    public async Task A_reader_that_was_away_still_learns_who_left_on_purpose()
    {
        var node = await _scene.JoinAsync("node");
        var reader = await _scene.CreateAsync(null);
        await reader.Spi.StartAsync(null, reader.Limit());
        await using var watch = reader.Spi.WatchAsync(reader.Limit()).GetAsyncEnumerator(reader.Limit());
        var states = new List<NodeState>();
        while (states.Count == 0 && await watch.MoveNextAsync())
        {
            states.AddRange(watch.Current.Members.Select(member => member.State));
        }

        await node.Spi.StopAsync(node.Limit());
        var next = await _scene.JoinAsync("next");
        await next.UntilMembersAsync(next.Local!.Key);

        var departed = new List<NodeKey>();
        do
        {
            Assert.True(await watch.MoveNextAsync(), "The watch ended by itself.");
            departed.AddRange(watch.Current.Departed);
            states.AddRange(watch.Current.Members.Where(member => member.Key == node.Local!.Key).Select(member => member.State));
        }
        while (watch.Current.Members.All(member => member.Key != next.Local!.Key) || watch.Current.Members.Any(member => member.Key == node.Local!.Key));
        Assert.True(departed.Contains(node.Local!.Key) || states.Contains(NodeState.Leaving), "The departure was lost between two snapshots.");
    }

    [SkippableFact]
    public async Task Stopping_ends_the_watch_and_may_be_repeated()
    {
        var node = await _scene.JoinAsync("node");
        await node.UntilMembersAsync(node.Local!.Key);

        await node.Spi.StopAsync(node.Limit());
        await node.Spi.StopAsync(node.Limit());

        await node.Watching.WaitAsync(_fixture.Patience);
    }

    [SkippableFact]
    public async Task A_cancelled_watch_says_so()
    {
        var node = await _scene.CreateAsync(DiscoveryScene.NewRecord("node"));
        await node.Spi.StartAsync(node.Local, node.Limit());
        using var cts = new CancellationTokenSource();
        await using var watch = node.Spi.WatchAsync(cts.Token).GetAsyncEnumerator(cts.Token);
        await cts.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await watch.MoveNextAsync())
            {
                Assert.NotEqual(default, watch.Current.Members);
            }
        });
    }

    [SkippableFact]
    public async Task A_start_that_is_given_up_leaves_nothing_registered()
    {
        var node = await _scene.CreateAsync(DiscoveryScene.NewRecord("never"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.Spi.StartAsync(node.Local, new CancellationToken(canceled: true)));
        await node.Spi.StopAsync(node.Limit());
        await node.Spi.DisposeAsync();

        var other = await _scene.JoinAsync("other");
        await other.UntilMembersAsync(other.Local!.Key);
        Assert.Equal(other.Local!.Key, Assert.Single(other.Seen[0].Members).Key);
    }

    [SkippableFact]
    public async Task A_provider_may_be_disposed_unused_and_twice()
    {
        var unused = await _scene.CreateAsync(DiscoveryScene.NewRecord("unused"));
        await unused.Spi.DisposeAsync();
        await unused.Spi.DisposeAsync();

        var node = await _scene.JoinAsync("node");
        await node.UntilMembersAsync(node.Local!.Key);
        await node.Spi.DisposeAsync();
        await node.Spi.DisposeAsync();
        Assert.False(node.Spi.HoldsMembership);
    }

    [SkippableFact]
    public async Task A_restarted_process_comes_after_its_predecessor()
    {
        var other = await _scene.JoinAsync("other");
        var old = await _scene.JoinAsync("worker");
        var before = await other.UntilMembersAsync(other.Local!.Key, old.Local!.Key);

        await old.Spi.DisposeAsync();
        var young = await _scene.JoinAsync("worker");

        var after = await other.UntilMembersAsync(other.Local!.Key, young.Local!.Key);
        Assert.True(Find(after.Members, young)!.JoinOrder > Find(before.Members, old)!.JoinOrder);
    }

    [SkippableFact]
    public async Task Nodes_that_join_at_once_end_with_equal_views()
    {
        var nodes = await _scene.JoinManyAsync(20);
        var keys = nodes.Select(node => node.Local!.Key).ToArray();

        var views = await Task.WhenAll(nodes.Select(node => node.UntilMembersAsync(keys)));

        Assert.All(views, view => Assert.Equal(Ordered(views[0].Members), Ordered(view.Members)));
    }

    [SkippableFact]
    public async Task Names_addresses_and_attributes_arrive_as_they_were_written()
    {
        var record = DiscoveryScene.NewRecord("rack/1 \\ \"wörker\" %2F 日本 🐝") with
        {
            Endpoints = [new NodeEndpoint("fe80::1%eth0", 9000), new NodeEndpoint("worker.example", 65535), new NodeEndpoint("::1", 0)],
            Protocol = new ProtocolRange(1, 7),
            Attributes = DiscoveryScene.NewRecord("x").Attributes.Add("", "empty key").Add("line\nbreak", "tab\t\0nul").Add("a=b;c", "{\"json\": [1]}"),
        };
        var node = await _scene.CreateAsync(record);
        await node.StartAsync();
        var client = await _scene.ObserveAsync();

        var snapshot = await client.UntilMembersAsync(record.Key);

        Assert.Equal(record, snapshot.Members[0] with { JoinOrder = 0 });
    }

    [SkippableFact]
    public async Task A_record_that_is_too_large_is_refused_with_its_name_and_the_limit()
    {
        var small = await _scene.JoinAsync("small");
        var record = DiscoveryScene.NewRecord("too-large");
        var node = await _scene.CreateAsync(record with { Attributes = record.Attributes.Add("blob", new string('x', 70_000)) });

        var exception = await Assert.ThrowsAnyAsync<GridException>(() => node.Spi.StartAsync(node.Local, node.Limit()));

        Assert.False(exception.IsTransient);
        Assert.Contains("too-large", exception.Message, StringComparison.Ordinal);
        Assert.Contains("65536", exception.Message, StringComparison.Ordinal);
        var client = await _scene.ObserveAsync();
        await client.UntilMembersAsync(small.Local!.Key);
    }

    private static NodeInfo? Find(IEnumerable<NodeInfo> members, DiscoveryProbe node) =>
        members.FirstOrDefault(member => member.Key == node.Local!.Key);

    private static IEnumerable<NodeInfo> Ordered(IEnumerable<NodeInfo> members) => members.OrderBy(member => member.JoinOrder);

    private static bool HasSaidGoodBye(DiscoveryProbe watcher, NodeKey key) => watcher.Seen.Any(snapshot =>
        snapshot.Departed.Contains(key) || snapshot.Members.Any(member => member.Key == key && member.State == NodeState.Leaving));
}
