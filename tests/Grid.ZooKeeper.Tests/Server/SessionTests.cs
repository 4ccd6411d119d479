using Grid.Testing.ZooKeeper;

namespace Grid.ZooKeeper.Tests.Server;

[Trait("Lane", "server")]
public sealed class SessionTests(Standalone standalone) : IClassFixture<Standalone>
{
    [SkippableFact]
    public async Task A_session_closed_by_another_client_ends_as_expired_and_its_ephemerals_go()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var victim = await Clients.InOwnChrootAsync(servers);
        await victim.CreateAsync("/e", null, CreateMode.Ephemeral);
        using var watcher = victim.CreateWatcher();
        await ExpireAsync(servers, victim);
        await victim.StateAsync(SessionState.Expired);
        Assert.Equal(WatchEventType.SessionEnded, (await watcher.NextAsync()).Type);
        Assert.Equal(ZooKeeperErrorCode.SessionExpired, (await Assert.ThrowsAsync<ZooKeeperException>(() => victim.ExistsAsync("/e"))).Code);
    }

    [SkippableFact]
    public async Task A_wrong_password_is_an_expired_session_and_the_owner_survives_it()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var owner = await Clients.InOwnChrootAsync(servers);
        await owner.CreateAsync("/e", null, CreateMode.Ephemeral);
        var suspended = owner.StateAsync(SessionState.Suspended);
        var options = Clients.Options(servers.ConnectString);
        options.Session = owner.Session! with { Password = [.. new byte[16]] };
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => ZooKeeperClient.ConnectAsync(options).OrHang());
        Assert.Equal(ZooKeeperErrorCode.SessionExpired, error.Code);
        await suspended;
        await owner.StateAsync(SessionState.Connected);
        Assert.Equal(owner.Session!.SessionId, (await owner.ExistsAsync("/e"))!.Value.EphemeralOwner);
    }

    [SkippableFact]
    public async Task A_short_cut_keeps_session_ephemerals_and_one_shot_watches_and_delivers_what_was_missed()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var proxy = new ChaosProxy(servers.ConnectString);
        var chroot = await Clients.MakeChrootAsync(servers);
        await using var client = await Clients.ConnectAsync(proxy.Address + chroot);
        await using var other = await Clients.ConnectAsync(servers.ConnectString + chroot);
        await client.CreateAsync("/changed", null);
        await client.CreateAsync("/e", null, CreateMode.Ephemeral);
        using var watcher = client.CreateWatcher();
        await client.GetDataAsync("/changed", watcher);
        await client.ExistsAsync("/born", watcher);
        await client.GetChildrenAsync("/", watcher);
        var session = client.Session;
        proxy.Refuse();
        await client.StateAsync(SessionState.Suspended);
        await other.SetDataAsync("/changed", null);
        await other.CreateAsync("/born", null);
        proxy.Heal();
        var events = new[] { await watcher.NextAsync(), await watcher.NextAsync(), await watcher.NextAsync() };
        Assert.Equivalent(
            new WatchEvent[] { new(WatchEventType.NodeDataChanged, "/changed"), new(WatchEventType.NodeCreated, "/born"), new(WatchEventType.NodeChildrenChanged, "/") }, events);
        Assert.Equal(session, client.Session);
        Assert.NotNull(await client.ExistsAsync("/e"));
        Assert.Equal(0, client.WatchCount);
    }

    [SkippableFact]
    public async Task A_connection_cut_between_request_and_reply_leaves_the_writes_fate_unknown_and_it_was_applied()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var proxy = new ChaosProxy(servers.ConnectString);
        var chroot = await Clients.MakeChrootAsync(servers);
        await using var client = await Clients.ConnectAsync(proxy.Address + chroot);
        await using var other = await Clients.ConnectAsync(servers.ConnectString + chroot);
        using var watcher = other.CreateWatcher();
        await other.ExistsAsync("/lost", watcher);
        proxy.SwallowReplies();
        var create = client.CreateAsync("/lost", null, CreateMode.Ephemeral);
        Assert.Equal(WatchEventType.NodeCreated, (await watcher.NextAsync()).Type);
        proxy.Cut();
        proxy.Heal();
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => create.OrHang());
        Assert.Equal((ZooKeeperErrorCode.ConnectionLoss, true), (error.Code, error.MayHaveBeenApplied));
        Assert.Equal(client.Session!.SessionId, (await client.ExistsAsync("/lost"))!.Value.EphemeralOwner);
    }

    [SkippableFact]
    public async Task Hundreds_of_watches_are_set_again_inside_of_a_chroot()
    {
        const int Nodes = 400;
        var servers = Needs.Servers(standalone.Servers);
        await using var proxy = new ChaosProxy(servers.ConnectString);
        var chroot = await Clients.MakeChrootAsync(servers);
        await using var client = await Clients.ConnectAsync(proxy.Address + chroot);
        await using var other = await Clients.ConnectAsync(servers.ConnectString + chroot);
        using var watcher = client.CreateWatcher();
        var longName = new string('n', 600);
        await Task.WhenAll(Enumerable.Range(0, Nodes).Select(i => client.ExistsAsync($"/{longName}{i}", watcher)));
        Assert.Equal(Nodes, client.WatchCount);
        var suspended = client.StateAsync(SessionState.Suspended);
        proxy.Cut();
        await suspended;
        await client.StateAsync(SessionState.Connected);
        await Task.WhenAll(Enumerable.Range(0, Nodes).Select(i => other.CreateAsync($"/{longName}{i}", null)));
        HashSet<string> seen = [];
        while (seen.Count < Nodes)
        {
            seen.Add((await watcher.NextAsync()).Path);
        }

        Assert.Equal(0, client.WatchCount);
    }

    [SkippableFact]
    public async Task Repeated_cuts_under_load_end_every_request_once_and_lose_no_acknowledged_write()
    {
        const int Seed = 31;
        var random = new Random(Seed);
        var servers = Needs.Servers(standalone.Servers);
        await using var proxy = new ChaosProxy(servers.ConnectString);
        var chroot = await Clients.MakeChrootAsync(servers);
        await using var client = await Clients.ConnectAsync(proxy.Address + chroot);
        await client.CreateAsync("/counter", null);
        var (acknowledged, unknown) = (0, 0);
        for (var round = 0; round < 30; round++)
        {
            var writes = Enumerable.Range(0, 100).Select(_ => client.SetDataAsync("/counter", null)).ToArray();
            await writes[random.Next(writes.Length)].ContinueWith(_ => proxy.Cut(), TaskScheduler.Default).OrHang();
            await Task.WhenAll((IEnumerable<Task>)writes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            acknowledged += writes.Count(write => write.IsCompletedSuccessfully);
            unknown += writes.Count(write => write.Exception?.InnerException is ZooKeeperException { Code: ZooKeeperErrorCode.ConnectionLoss, MayHaveBeenApplied: true });
        }

        Assert.Equal(3000, acknowledged + unknown);
        await using var other = await Clients.ConnectAsync(servers.ConnectString + chroot);
        var version = (await other.ExistsAsync("/counter"))!.Value.Version;
        Assert.InRange(version, acknowledged, acknowledged + unknown);
        Assert.Equal(0, client.PendingRequests);
    }

    [SkippableFact]
    public async Task A_graceful_close_removes_ephemerals_at_once_and_leaves_nothing_behind()
    {
        var servers = Needs.Servers(standalone.Servers);
        var chroot = await Clients.MakeChrootAsync(servers);
        await using var observer = await Clients.ConnectAsync(servers.ConnectString + chroot);
        var client = await Clients.ConnectAsync(servers.ConnectString + chroot, 60);
        await client.CreateAsync("/e", null, CreateMode.Ephemeral);
        Assert.True(await client.CloseAsync());
        Assert.Null(await observer.ExistsAsync("/e"));
        Assert.Equal(SessionState.Closed, client.Status.State);
    }

    [SkippableFact]
    public async Task The_server_clamps_the_timeout_and_the_client_reports_the_granted_one()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var client = await Clients.ConnectAsync(servers.ConnectString, 3600);
        Assert.Equal(TimeSpan.FromSeconds(60), client.Status.Timeout);
    }

    [SkippableFact]
    public async Task Many_sessions_start_work_and_close_together()
    {
        const int Sessions = 60;
        var servers = Needs.Servers(standalone.Servers);
        var chroot = await Clients.MakeChrootAsync(servers);
        var clients = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => Clients.ConnectAsync(servers.ConnectString + chroot)));
        await Task.WhenAll(clients.Select((client, i) => client.CreateAsync($"/{i}", null, CreateMode.Ephemeral)));
        Assert.Equal(Sessions, (await clients[0].GetChildrenAsync("/")).Count);
        Assert.All(await Task.WhenAll(clients.Select(client => client.CloseAsync())), Assert.True);
    }

    private static async Task ExpireAsync(ZooKeeperServers servers, ZooKeeperClient victim)
    {
        var options = Clients.Options(servers.ConnectString);
        options.Session = victim.Session;
        var isClosed = false;
        while (!isClosed && victim.Status.State != SessionState.Expired)
        {
            // The server closes the victim's connection for the thief's; the victim may be back before the thief has closed the session, and take it away in turn.
            await using var thief = await ZooKeeperClient.ConnectAsync(options).OrHang();
            isClosed = await thief.CloseAsync();
        }
    }
}
