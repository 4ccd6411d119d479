namespace Grid.ZooKeeper.Tests.Server;

[Trait("Lane", "server")]
public sealed class WatchTests(Standalone standalone) : IClassFixture<Standalone>
{
    [SkippableFact]
    public async Task A_persistent_watch_stays_and_sees_the_node_come_change_and_go()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var client = await Clients.InOwnChrootAsync(servers);
        using var watcher = client.CreateWatcher();
        await client.AddWatchAsync("/p", AddWatchMode.Persistent, watcher);
        await client.CreateAsync("/p", null);
        await client.SetDataAsync("/p", null);
        await client.CreateAsync("/p/c", null);
        await client.DeleteAsync("/p/c");
        await client.DeleteAsync("/p");
        WatchEventType[] expected =
        [
            WatchEventType.NodeCreated, WatchEventType.NodeDataChanged, WatchEventType.NodeChildrenChanged, WatchEventType.NodeChildrenChanged, WatchEventType.NodeDeleted,
        ];
        Assert.Equal(expected, await TakeAsync(watcher, 5));
    }

    [SkippableFact]
    public async Task A_recursive_watch_sees_all_below_and_no_change_of_children()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var client = await Clients.InOwnChrootAsync(servers);
        using var watcher = client.CreateWatcher();
        await client.AddWatchAsync("/", AddWatchMode.PersistentRecursive, watcher);
        await client.CreateAsync("/a", null);
        await client.CreateAsync("/a/b", null);
        await client.SetDataAsync("/a/b", null);
        await client.DeleteAsync("/a/b");
        WatchEvent[] expected =
        [
            new(WatchEventType.NodeCreated, "/a"), new(WatchEventType.NodeCreated, "/a/b"), new(WatchEventType.NodeDataChanged, "/a/b"), new(WatchEventType.NodeDeleted, "/a/b"),
        ];
        foreach (var each in expected)
        {
            Assert.Equal(each, await watcher.NextAsync());
        }
    }

    [SkippableFact]
    public async Task Removed_watches_are_silent_and_removing_none_is_refused()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var client = await Clients.InOwnChrootAsync(servers);
        using var watcher = client.CreateWatcher();
        await client.CreateAsync("/w", null);
        await client.GetDataAsync("/w", watcher);
        await client.GetChildrenAsync("/w", watcher);
        await client.RemoveWatchesAsync("/w", WatcherType.Data);
        Assert.Equal(WatchEventType.DataWatchRemoved, (await watcher.NextAsync()).Type);
        await client.SetDataAsync("/w", null);
        await client.CreateAsync("/w/c", null);
        Assert.Equal(WatchEventType.NodeChildrenChanged, (await watcher.NextAsync()).Type);
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => client.RemoveWatchesAsync("/w", WatcherType.Any));
        Assert.Equal(ZooKeeperErrorCode.NoWatcher, error.Code);
    }

    [SkippableFact]
    public async Task One_deletion_is_one_event_for_a_watcher_of_data_existence_and_children()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var client = await Clients.InOwnChrootAsync(servers);
        using var watcher = client.CreateWatcher();
        await client.CreateAsync("/d", null);
        await client.GetDataAsync("/d", watcher);
        await client.ExistsAsync("/d", watcher);
        await client.GetChildrenAsync("/d", watcher);
        await client.DeleteAsync("/d");
        Assert.True(watcher.Events.TryRead(out var only));
        Assert.Equal(new WatchEvent(WatchEventType.NodeDeleted, "/d"), only);
        Assert.False(watcher.Events.TryRead(out _));
        Assert.Equal(0, client.WatchCount);
    }

    [SkippableFact]
    public async Task A_reread_on_each_event_ends_with_the_last_state_of_a_thousand_changes()
    {
        const int Seed = 8;
        var random = new Random(Seed);
        var servers = Needs.Servers(standalone.Servers);
        var chroot = await Clients.MakeChrootAsync(servers);
        await using var reader = await Clients.ConnectAsync(servers.ConnectString + chroot);
        await using var writer = await Clients.ConnectAsync(servers.ConnectString + chroot);
        using var watcher = reader.CreateWatcher();
        var view = new HashSet<string>(await reader.GetChildrenAsync("/", watcher));
        var following = FollowAsync(reader, watcher, view);
        HashSet<string> truth = [];
        for (var i = 0; i < 1000; i++)
        {
            var name = $"n{random.Next(50)}";
            await (truth.Remove(name) ? writer.DeleteAsync($"/{name}") : truth.Add(name) ? writer.CreateAsync($"/{name}", null) : Task.CompletedTask);
        }

        await writer.CreateAsync("/end", null);
        await following.OrHang();
        Assert.Equal(truth.Order(), view.Where(name => name != "end").Order());
    }

    private static async Task FollowAsync(ZooKeeperClient reader, Watcher watcher, HashSet<string> view)
    {
        while (!view.Contains("end"))
        {
            await watcher.NextAsync();
            view.Clear();
            view.UnionWith(await reader.GetChildrenAsync("/", watcher));
        }
    }

    private static async Task<WatchEventType[]> TakeAsync(Watcher watcher, int count)
    {
        var types = new WatchEventType[count];
        for (var i = 0; i < count; i++)
        {
            types[i] = (await watcher.NextAsync()).Type;
        }

        return types;
    }
}
