namespace Grid.ZooKeeper.Tests.Server;

[Trait("Lane", "server")]
public sealed class ProcessTests(Standalone standalone) : IClassFixture<Standalone>
{
    private const int TimeoutMilliseconds = 6000;

    [SkippableFact]
    public async Task A_process_stopped_beyond_its_session_wakes_fenced_and_then_learns_that_it_expired()
    {
        var servers = Needs.Servers(standalone.Servers);
        var chroot = await Clients.MakeChrootAsync(servers);
        await using var observer = await Clients.ConnectAsync(servers.ConnectString + chroot);
        using var watcher = observer.CreateWatcher();
        await observer.ExistsAsync("/client", watcher);
        using var process = ClientProcess.Start(servers.ConnectString + chroot, TimeoutMilliseconds);
        Assert.Equal(WatchEventType.NodeCreated, (await watcher.NextAsync()).Type);
        await process.UntilAsync(line => line == "Connected fenced=False");
        await observer.ExistsAsync("/client", watcher);
        await process.PauseAsync();
        Assert.Equal(WatchEventType.NodeDeleted, (await watcher.NextAsync()).Type);
        await process.ContinueAsync();
        await process.UntilAsync(line => line.StartsWith("Expired", StringComparison.Ordinal));
        var afterWaking = process.Lines.Skip(1).ToArray();
        Assert.All(afterWaking, line => Assert.EndsWith("fenced=True", line, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_thread_pool_that_is_full_does_not_cost_the_session()
    {
        var servers = Needs.Servers(standalone.Servers);
        var chroot = await Clients.MakeChrootAsync(servers);
        await using var observer = await Clients.ConnectAsync(servers.ConnectString + chroot);
        using var process = ClientProcess.Start(servers.ConnectString + chroot, TimeoutMilliseconds, "block-pool");
        await process.UntilAsync(line => line == "pool blocked");
        using var watcher = observer.CreateWatcher();
        Assert.NotNull(await observer.ExistsAsync("/client", watcher));

        // Sessions of the same timeout that nobody keeps alive are born and expire one after the other: the server's own measure of two timeouts.
        for (var i = 0; i < 2; i++)
        {
            await ExpireOneAsync(servers.ConnectString, observer, chroot, i);
        }

        Assert.False(watcher.Events.TryRead(out var gone), $"the node is gone: {gone}");
        process.EndInput();
        await process.UntilAsync(line => line.StartsWith("end", StringComparison.Ordinal));
        Assert.Contains("end Connected", process.Lines);
    }

    private static async Task ExpireOneAsync(string connectString, ZooKeeperClient observer, string chroot, int number)
    {
        await using var proxy = new ChaosProxy(connectString);
        await using var dying = await Clients.ConnectAsync(proxy.Address + chroot, TimeoutMilliseconds / 1000);
        await dying.CreateAsync($"/dying-{number}", null, CreateMode.Ephemeral);
        using var watcher = observer.CreateWatcher();
        await observer.ExistsAsync($"/dying-{number}", watcher);
        proxy.Refuse();
        Assert.Equal(WatchEventType.NodeDeleted, (await watcher.NextAsync()).Type);
    }
}
