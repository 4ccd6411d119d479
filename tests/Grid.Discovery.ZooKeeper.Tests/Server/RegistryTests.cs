using Grid.Discovery.ZooKeeper.Records;
using Grid.ZooKeeper;
using Grid.ZooKeeper.Tests.Server;

namespace Grid.Discovery.ZooKeeper.Tests.Server;

/// <summary>What the provider does with the znodes, seen by a plain client beside it.</summary>
[Trait("Lane", "server")]
public sealed class RegistryTests(Standalone standalone) : IClassFixture<Standalone>
{
    private readonly string _cluster = $"registry-{Guid.NewGuid():n}";

    private string Root => $"/grid/{_cluster}";

    [SkippableFact]
    public async Task Members_and_addresses_are_ephemeral_and_of_one_transaction()
    {
        await using var client = await ConnectAsync();
        var local = NodeRecords.New("worker") with { Endpoints = [new NodeEndpoint("fe80::1%eth0", 9000), new NodeEndpoint("10.0.0.1", 47100)] };
        await using var node = await Watched.StartAsync(Options(), local);

        var members = await client.GetChildrenAsync($"{Root}/members");
        var addresses = await client.GetChildrenAsync($"{Root}/available");
        var member = await client.GetDataAsync($"{Root}/members/{members.Single()}");
        var address = await client.GetDataAsync($"{Root}/available/{addresses[0]}");

        Assert.Equal(local.Id.ToString(), members.Single());
        Assert.Equal(["10.0.0.1:47100", "[fe80::1%eth0]:9000"], addresses.Select(ZNodeName.Unescape).Order(StringComparer.Ordinal));
        Assert.Equal(local.Id.ToString(), System.Text.Encoding.ASCII.GetString(address.Data!));
        Assert.Equal(member.Stat.Czxid, address.Stat.Czxid);
        Assert.NotEqual(0, member.Stat.EphemeralOwner);
    }

    [SkippableFact]
    public async Task A_join_takes_three_requests_and_costs_each_member_two()
    {
        await using var first = await Watched.StartAsync(Options(), NodeRecords.Number(1));
        await first.UntilMembersAsync(first.Local!);
        var before = first.Discovery.RequestCount;

        await using var second = await Watched.StartAsync(Options(), NodeRecords.Number(2));
        await first.UntilMembersAsync(first.Local!, second.Local!);

        Assert.Equal(3, second.Discovery.RequestCount);
        Assert.Equal(before + 2, first.Discovery.RequestCount);
    }

    [SkippableFact]
    public async Task A_departure_leaves_a_mark_that_is_swept_later()
    {
        await using var client = await ConnectAsync();
        await using var eldest = await Watched.StartAsync(Options(options => options.SweepPeriod = TimeSpan.FromSeconds(1)), NodeRecords.Number(1));
        await using var node = await Watched.StartAsync(Options(), NodeRecords.Number(2));
        var mark = $"{Root}/left/{TombstoneName.Of(node.Local!.Key)}";
        var watcher = client.CreateWatcher();
        Assert.Null(await client.ExistsAsync(mark, watcher));

        await node.Discovery.StopAsync(CancellationToken.None);
        Assert.Equal(new WatchEvent(WatchEventType.NodeCreated, mark), await watcher.Events.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)));

        while (await client.ExistsAsync(mark, watcher) is not null)
        {
            await watcher.Events.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    [SkippableFact]
    public async Task Members_that_leave_right_after_an_update_have_left_every_time()
    {
        await using var watcher = await Watched.StartAsync(Options(options => options.ReadDelayMin = TimeSpan.Zero), NodeRecords.Number(200));
        for (byte i = 1; i <= 25; i++)
        {
            await using var node = await Watched.StartAsync(Options(), NodeRecords.Number(i));
            await watcher.UntilMembersAsync(watcher.Local!, node.Local!);
            await node.UpdateAsync(node.Local! with { State = NodeState.Draining });
            await node.Discovery.StopAsync(CancellationToken.None);

            await watcher.UntilMembersAsync(watcher.Local!);
            Assert.Contains(watcher.Seen, snapshot => snapshot.Departed.Contains(node.Local!.Key));
        }
    }

    [SkippableFact]
    public async Task Junk_under_members_harms_nobody()
    {
        await using var client = await ConnectAsync();
        await using var node = await Watched.StartAsync(Options(), NodeRecords.Number(1));
        await client.CreateAsync($"{Root}/members/junk", "x"u8.ToArray());
        await client.CreateAsync($"{Root}/members/{new NodeId(77)}", new byte[200_000]);
        await client.CreateAsync($"{Root}/members/{new NodeId(78)}", null, CreateMode.Ephemeral);

        await using var late = await Watched.StartAsync(Options(), NodeRecords.Number(2));

        await late.UntilMembersAsync(node.Local!, late.Local!);
        await node.UntilMembersAsync(node.Local!, late.Local!);
    }

    [SkippableFact]
    public async Task An_address_that_a_dead_session_holds_is_taken_over_and_survives_that_session()
    {
        var address = $"{Root}/available/10.0.0.1:47101";
        await using var dead = await ConnectAsync();
        await using var node = await Watched.StartAsync(Options(), NodeRecords.Number(5));
        await dead.CreateAsync(address, "old"u8.ToArray(), CreateMode.Ephemeral);

        await using var young = await Watched.StartAsync(Options(), NodeRecords.Number(1));
        await dead.CloseAsync();

        var owned = await young.Discovery.Client!.GetDataAsync(address);
        Assert.Equal(young.Discovery.Client.Session!.SessionId, owned.Stat.EphemeralOwner);
        Assert.Equal(young.Local!.Id.ToString(), System.Text.Encoding.ASCII.GetString(owned.Data!));
        Assert.Equal(0, owned.Stat.Version);
    }

    [SkippableFact]
    public async Task A_member_whose_record_was_deleted_is_lost_and_rejoins()
    {
        await using var client = await ConnectAsync();
        await using var other = await Watched.StartAsync(Options(), NodeRecords.Number(2));
        await using var node = await Watched.StartAsync(Options(), NodeRecords.Number(1));
        await client.DeleteAsync($"{Root}/members/{node.Local!.Id}");

        await node.UntilAsync(snapshot => snapshot.Link == DiscoveryLink.Lost);
        Assert.False(node.Discovery.HoldsMembership);
        await node.RejoinAsync();

        Assert.True(node.Discovery.HoldsMembership);
        await other.UntilMembersAsync(other.Local!, node.Local!);
        Assert.Equal($"{node.Local!.Id}.2.0", (await client.GetChildrenAsync($"{Root}/members")).Single(name => name.StartsWith(node.Local.Id.ToString(), StringComparison.Ordinal)));
    }

    [SkippableFact]
    public async Task A_cluster_that_was_wiped_is_made_anew_with_its_old_identity()
    {
        await using var client = await ConnectAsync();
        await using var node = await Watched.StartAsync(Options(), NodeRecords.Number(1));
        await client.DeleteAsync($"{Root}/members/{node.Local!.Id}");
        await client.DeleteAsync($"{Root}/available/10.0.0.1:47101");
        await client.MultiAsync([.. new[] { "/members", "/available", "/left", "" }.Select(path => MultiOp.Delete(Root + path))]);
        await node.UntilAsync(snapshot => snapshot.Link == DiscoveryLink.Lost);

        await node.RejoinAsync();
        await using var late = await Watched.StartAsync(Options(), NodeRecords.Number(2));

        Assert.Equal(node.Cluster, late.Cluster);
        await node.UntilMembersAsync(node.Local!, late.Local!);
    }

    [SkippableFact]
    public async Task A_layout_of_a_later_version_is_refused_and_nothing_is_registered()
    {
        await using var client = await ConnectAsync();
        await using (await Watched.StartAsync(Options(), NodeRecords.Number(2)))
        {
            byte[] later = [(byte)'G', (byte)'C', 2, .. new byte[16]];
            await client.SetDataAsync(Root, later);
        }

        var exception = await Assert.ThrowsAsync<GridConfigurationException>(() => Watched.StartAsync(Options(), NodeRecords.Number(1)));

        Assert.Contains("layout", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await client.GetChildrenAsync($"{Root}/members"));
    }

    [SkippableFact]
    public async Task A_client_of_a_cluster_that_does_not_exist_says_so_and_creates_nothing()
    {
        await using var client = await ConnectAsync();
        await using var node = await Watched.StartAsync(Options(), NodeRecords.Number(1));
        var before = await client.GetChildrenAsync("/grid");
        await using var mistyped = new ZooKeeperDiscovery(Options(options => (options.Cluster, options.ReadDelayMax) = ("nope", TimeSpan.FromMilliseconds(100))));
        using var patience = new CancellationTokenSource();
        var starting = mistyped.StartAsync(null, patience.Token);
        await UntilAsync(() => mistyped.RequestCount >= 5);

        await patience.CancelAsync();
        var refusal = await Assert.ThrowsAsync<DiscoveryException>(() => starting);

        Assert.Contains("no cluster 'nope' below '/grid'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before.Order(StringComparer.Ordinal), (await client.GetChildrenAsync("/grid")).Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task With_Auth_only_that_identity_can_see_or_change_anything()
    {
        await using var stranger = await ConnectAsync();
        var options = Options(options => (options.Auth, options.Root) = ("digest:grid:secret", $"/guarded-{Guid.NewGuid():n}"));
        await using var node = await Watched.StartAsync(options, NodeRecords.Number(1));
        await using var late = await Watched.StartAsync(options, NodeRecords.Number(2));
        await node.UntilMembersAsync(node.Local!, late.Local!);
        var (cluster, member) = ($"{options.Root}/{_cluster}", $"{options.Root}/{_cluster}/members/{node.Local!.Id}");

        await AssertRefusedAsync(stranger.CreateAsync($"{cluster}/members/{new NodeId(9)}", null, CreateMode.Ephemeral));
        await AssertRefusedAsync(stranger.DeleteAsync(member));
        await AssertRefusedAsync(stranger.SetDataAsync(member, null));
        await AssertRefusedAsync(stranger.SetDataAsync(cluster, null));
        await AssertRefusedAsync(stranger.GetDataAsync(member));
        await AssertRefusedAsync(stranger.CreateAsync($"{cluster}/left/{TombstoneName.Of(node.Local.Key)}", null));
        await AssertRefusedAsync(stranger.CreateAsync($"{options.Root}/another", null));
    }

    [SkippableFact]
    public async Task Nodes_with_another_identity_or_none_are_refused_and_told_why()
    {
        var guarded = Options(options => (options.Auth, options.Root) = ("digest:grid:secret", $"/guarded-{Guid.NewGuid():n}"));
        await using var node = await Watched.StartAsync(guarded, NodeRecords.Number(1));

        foreach (var auth in new[] { "", "digest:grid:other" })
        {
            var exception = await Assert.ThrowsAsync<GridConfigurationException>(() => Watched.StartAsync(Options(options => (options.Auth, options.Root) = (auth, guarded.Root)), NodeRecords.Number(2)));
            Assert.Contains("Auth", exception.Message, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task A_cluster_that_others_may_change_is_refused_to_a_node_with_Auth()
    {
        await using var open = await Watched.StartAsync(Options(), NodeRecords.Number(1));

        var exception = await Assert.ThrowsAsync<GridConfigurationException>(() => Watched.StartAsync(Options(options => options.Auth = "digest:grid:secret"), NodeRecords.Number(2)));

        Assert.Contains("others than this identity", exception.Message, StringComparison.Ordinal);
        await open.UntilMembersAsync(open.Local!);
    }

    private static async Task UntilAsync(Func<bool> condition) =>
        Assert.True(await Task.Run(() => SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60))), "the condition did not come true in a minute");

    private static async Task AssertRefusedAsync(Task action) =>
        Assert.Equal(ZooKeeperErrorCode.NoAuth, (await Assert.ThrowsAsync<ZooKeeperException>(() => action)).Code);

    private Task<ZooKeeperClient> ConnectAsync() => ZooKeeperClient.ConnectAsync(Needs.Servers(standalone.Servers).ConnectString);

    private ZooKeeperDiscoveryOptions Options(Action<ZooKeeperDiscoveryOptions>? set = null)
    {
        var options = new ZooKeeperDiscoveryOptions { ConnectionString = Needs.Servers(standalone.Servers).ConnectString, Cluster = _cluster };
        set?.Invoke(options);
        return options;
    }
}
