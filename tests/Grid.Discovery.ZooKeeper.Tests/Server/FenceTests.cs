using Grid.Testing.ZooKeeper;
using Grid.ZooKeeper;
using Grid.ZooKeeper.Tests.Server;

namespace Grid.Discovery.ZooKeeper.Tests.Server;

/// <summary>What a member does when it does not hear from the registry.</summary>
[Trait("Lane", "server")]
public sealed class FenceTests(Standalone standalone) : IClassFixture<Standalone>
{
    /// <summary>Between the fence and the end of the session lie four tenths of it, which a busy machine must not use up.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private readonly string _cluster = $"fence-{Guid.NewGuid():n}";

    [SkippableFact]
    public async Task A_member_that_is_cut_off_is_fenced_before_the_server_gives_it_up()
    {
        await using var client = await ZooKeeperClient.ConnectAsync(Needs.Servers(standalone.Servers).ConnectString);
        await using var proxy = new ChaosProxy(Needs.Servers(standalone.Servers).ConnectString);
        await using var node = await Watched.StartAsync(Options(proxy.Address), NodeRecords.Number(1));
        var watcher = client.CreateWatcher();
        Assert.NotNull(await client.ExistsAsync($"/grid/{_cluster}/members/{node.Local!.Id}", watcher));

        var gone = watcher.Events.ReadAsync().AsTask();
        proxy.Refuse();
        var lost = node.UntilAsync(snapshot => snapshot.Link == DiscoveryLink.Lost);

        Assert.Same(lost, await Task.WhenAny(lost, gone));
        Assert.False(node.Discovery.HoldsMembership);
        Assert.Equal([node.Local.Key], (await lost).Members.Select(member => member.Key));
        Assert.Contains(node.Seen, snapshot => snapshot.Link == DiscoveryLink.Suspended);
    }

    [SkippableFact]
    public async Task A_member_that_was_fenced_rejoins_although_its_old_session_lives()
    {
        await using var proxy = new ChaosProxy(Needs.Servers(standalone.Servers).ConnectString);
        await using var other = await Watched.StartAsync(Options(Needs.Servers(standalone.Servers).ConnectString), NodeRecords.Number(2));
        await using var node = await Watched.StartAsync(Options(proxy.Address), NodeRecords.Number(1));
        proxy.Refuse();
        await node.UntilAsync(snapshot => snapshot.Link == DiscoveryLink.Lost);

        proxy.Heal();
        await node.RejoinAsync();

        await other.UntilMembersAsync(other.Local!, node.Local!);
        await node.UntilMembersAsync(other.Local!, node.Local!);
        Assert.True(node.Discovery.HoldsMembership);
    }

    [SkippableFact]
    public async Task A_member_keeps_its_membership_while_no_server_serves_and_the_same_session_goes_on()
    {
        Needs.Servers(standalone.Servers);
        await using var servers = await ZooKeeperServers.StartAsync();
        var options = Options(servers.ConnectString);
        options.SessionTimeout = TimeSpan.FromSeconds(6);
        await using var node = await Watched.StartAsync(options, NodeRecords.Number(1));
        var session = node.Discovery.Client!.Session!.SessionId;
        await servers.KillAsync(1);
        await node.UntilAsync(snapshot => snapshot.Link == DiscoveryLink.Suspended);

        await OutageAsync(TimeSpan.FromSeconds(8));
        Assert.True(node.Discovery.HoldsMembership);
        await servers.ReviveAsync(1);

        await node.UntilAsync(snapshot => snapshot.Link == DiscoveryLink.Connected);
        Assert.Equal(session, node.Discovery.Client!.Session!.SessionId);
        Assert.DoesNotContain(node.Seen, snapshot => snapshot.Link == DiscoveryLink.Lost);
    }

    [SkippableFact]
    public async Task An_update_whose_answer_was_lost_may_be_repeated()
    {
        await using var proxy = new ChaosProxy(Needs.Servers(standalone.Servers).ConnectString);
        await using var client = await ZooKeeperClient.ConnectAsync(Needs.Servers(standalone.Servers).ConnectString);
        var options = Options(proxy.Address);
        options.SessionTimeout = TimeSpan.FromSeconds(30);
        await using var node = await Watched.StartAsync(options, NodeRecords.Number(1));
        var draining = node.Local! with { State = NodeState.Draining };
        var watcher = client.CreateWatcher();
        await client.GetChildrenAsync($"/grid/{_cluster}/members", watcher);

        proxy.SwallowReplies();
        var update = node.Discovery.UpdateAsync(draining, CancellationToken.None);
        await watcher.Events.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        proxy.Cut();
        Assert.True((await Assert.ThrowsAnyAsync<GridException>(() => update)).IsTransient);
        await node.UntilAsync(snapshot => snapshot.Link == DiscoveryLink.Suspended);
        proxy.Heal();
        await node.UntilAsync(snapshot => snapshot.Link == DiscoveryLink.Connected);
        await node.UpdateAsync(draining);

        Assert.Equal([$"{node.Local!.Id}.1.2"], await client.GetChildrenAsync($"/grid/{_cluster}/members"));
        await node.UntilAsync(snapshot => snapshot.Members.Any(member => member.State == NodeState.Draining));
    }

    [SkippableFact]
    public async Task A_registration_whose_answer_was_lost_ends_in_one_record()
    {
        await using var proxy = new ChaosProxy(Needs.Servers(standalone.Servers).ConnectString);
        await using var client = await ZooKeeperClient.ConnectAsync(Needs.Servers(standalone.Servers).ConnectString);
        await using var elder = await Watched.StartAsync(Options(Needs.Servers(standalone.Servers).ConnectString), NodeRecords.Number(2));
        await using var node = await Watched.StartAsync(Options(proxy.Address), NodeRecords.Number(1));
        proxy.Refuse();
        await node.UntilAsync(snapshot => snapshot.Link == DiscoveryLink.Lost);
        proxy.Heal();
        proxy.SwallowRepliesFrom($"/members/{node.Local!.Id}");
        var watcher = client.CreateWatcher();
        await client.GetChildrenAsync($"/grid/{_cluster}/members", watcher);

        var rejoining = node.RejoinAsync();
        await watcher.Events.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        proxy.Cut();
        Assert.True((await Assert.ThrowsAnyAsync<GridException>(() => rejoining)).IsTransient);
        proxy.Heal();
        await node.Discovery.RejoinAsync(node.Local!, CancellationToken.None);

        await elder.UntilMembersAsync(elder.Local!, node.Local!);
        Assert.Single(await client.GetChildrenAsync($"/grid/{_cluster}/members"), name => name.StartsWith($"{node.Local!.Id}", StringComparison.Ordinal));
        Assert.True(node.Discovery.HoldsMembership);
    }

    /// <summary>An outage has a length; nothing happens at its end that could be waited for.</summary>
    private static async Task OutageAsync(TimeSpan length)
    {
        using var timer = new PeriodicTimer(length);
        await timer.WaitForNextTickAsync();
    }

    private ZooKeeperDiscoveryOptions Options(string connectionString) => new() { ConnectionString = connectionString, Cluster = _cluster, SessionTimeout = Timeout };
}
