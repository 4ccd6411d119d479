using Grid.ZooKeeper.Wire;
using static Grid.ZooKeeper.Tests.Peer.ScriptedConnection;

namespace Grid.ZooKeeper.Tests.Peer;

public sealed class WatchTests
{
    private static readonly byte[] DataReply = Body("old"u8.ToArray(), default(Stat));

    [Fact]
    public async Task An_event_that_overtakes_the_answer_that_sets_its_watch_is_not_lost()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        using var watcher = client.CreateWatcher();
        var read = client.GetDataAsync("/a", watcher);
        var request = await connection.ReadRequestAsync();
        await connection.NotifyAsync(WatchEventType.NodeDataChanged, "/a");
        await connection.ReplyAsync(request.Xid, DataReply);
        await read.OrHang();
        Assert.Equal(new WatchEvent(WatchEventType.NodeDataChanged, "/a"), await watcher.NextAsync());
        Assert.Equal(0, client.WatchCount);
    }

    [Fact]
    public async Task The_event_is_there_before_the_answer_that_shows_the_change()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        using var watcher = client.CreateWatcher();
        var read = client.GetDataAsync("/a", watcher);
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, DataReply);
        await read.OrHang();
        var second = client.GetDataAsync("/a");
        var request = await connection.ReadRequestAsync();
        await connection.NotifyAsync(WatchEventType.NodeDataChanged, "/a");
        await connection.ReplyAsync(request.Xid, DataReply);
        await second.OrHang();
        Assert.True(watcher.Events.TryRead(out var watchEvent));
        Assert.Equal(WatchEventType.NodeDataChanged, watchEvent.Type);
    }

    [Fact]
    public async Task A_watcher_that_nobody_reads_delays_nobody_and_marks_the_gap()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        using var slow = client.CreateWatcher(capacity: 2);
        using var quick = client.CreateWatcher();
        foreach (var watcher in (Watcher[])[slow, quick])
        {
            var adding = client.AddWatchAsync("/a", AddWatchMode.Persistent, watcher);
            await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(0));
            await adding.OrHang();
        }

        for (var i = 0; i < 5; i++)
        {
            await connection.NotifyAsync(WatchEventType.NodeDataChanged, "/a");
        }

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(WatchEventType.NodeDataChanged, (await quick.NextAsync()).Type);
        }

        Assert.Equal(3, slow.Dropped);
        var kept = new[] { await slow.NextAsync(), await slow.NextAsync(), await slow.NextAsync() };
        Assert.Equal([WatchEventType.NodeDataChanged, WatchEventType.NodeDataChanged, WatchEventType.EventsDropped], kept.Select(each => each.Type));
    }

    [Fact]
    public async Task Persistent_watches_are_set_again_and_their_watchers_told_to_look()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        using var watcher = client.CreateWatcher();
        var adding = client.AddWatchAsync("/a", AddWatchMode.PersistentRecursive, watcher);
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(0));
        await adding.OrHang();
        connection.Dispose();
        using var next = await server.AcceptSessionAsync();
        var watches = await next.ReadRequestAsync();
        Assert.Equal(OpCode.SetWatches2, watches.Code);
        Assert.Equal(Body(1L, 0, 0, 0, 0, 1, "/a"), watches.Body);
        await next.ReplyAsync(watches.Xid, []);
        Assert.Equal(new WatchEvent(WatchEventType.Rearmed, "/a"), await watcher.NextAsync());
        await next.NotifyAsync(WatchEventType.NodeCreated, "/a/b/c");
        Assert.Equal(new WatchEvent(WatchEventType.NodeCreated, "/a/b/c"), await watcher.NextAsync());
    }

    [Fact]
    public async Task More_watches_than_the_limit_are_refused_and_a_disposed_watcher_gives_its_own_back()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync(options => options.WatchesMax = 1);
        await using var closing = client;
        var watcher = client.CreateWatcher();
        var read = client.GetDataAsync("/a", watcher);
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, DataReply);
        await read.OrHang();
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetDataAsync("/b", watcher));
        Assert.Equal(ZooKeeperErrorCode.TooManyWatches, error.Code);
        watcher.Dispose();
        Assert.Equal(0, client.WatchCount);
    }

    [Fact]
    public async Task A_continuation_that_blocks_does_not_block_the_session()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        using var release = new ManualResetEventSlim();
        var blocked = client.GetAllChildrenNumberAsync("/a").ContinueWith(
            _ => release.Wait(Waits.Limit), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(1));
        var next = client.GetAllChildrenNumberAsync("/b");
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(2));
        Assert.Equal(2, await next.OrHang());
        release.Set();
        await blocked.OrHang();
    }
}
