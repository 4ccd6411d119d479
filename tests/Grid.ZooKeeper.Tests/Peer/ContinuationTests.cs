using Grid.ZooKeeper.Wire;
using static Grid.ZooKeeper.Tests.Peer.ScriptedConnection;

namespace Grid.ZooKeeper.Tests.Peer;

/// <summary>Where the code of callers runs when their request ends, and that it holds nobody up whatever it does.</summary>
public sealed class ContinuationTests
{
    private const string ReadingThread = "zookeeper-read";

    [Fact]
    public async Task What_awaits_an_answer_runs_on_the_thread_that_has_read_it()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        var thread = ThreadAfterAsync(client.GetAllChildrenNumberAsync("/a"));

        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(1));

        Assert.Equal(ReadingThread, (await thread.OrHang()).Name);
    }

    [Fact]
    public async Task What_awaits_an_event_runs_on_the_thread_that_has_read_it()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        using var watcher = client.CreateWatcher();
        await WatchAsync(client, connection, watcher);
        var thread = ThreadAfterAsync(watcher.Events.WaitToReadAsync().AsTask());

        await connection.NotifyAsync(WatchEventType.NodeDataChanged, "/a");

        Assert.Equal(ReadingThread, (await thread.OrHang()).Name);
        Assert.True(watcher.Events.TryRead(out _));
    }

    [Fact]
    public async Task A_reader_of_events_that_does_not_return_keeps_nothing_from_others()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        using var gate = new ManualResetEventSlim();
        var watchers = Enumerable.Range(0, 3).Select(_ => client.CreateWatcher()).ToArray();
        foreach (var watcher in watchers)
        {
            await WatchAsync(client, connection, watcher);
        }

        var stuck = watchers.Select(watcher => BlockOnAsync(watcher.Events.WaitToReadAsync().AsTask(), gate)).ToArray();
        var others = watchers.Select(watcher => watcher.NextAsync()).ToArray();
        await connection.NotifyAsync(WatchEventType.NodeDataChanged, "/a");

        Assert.All(await Task.WhenAll(others).OrHang(), read => Assert.Equal(WatchEventType.NodeDataChanged, read.Type));
        var request = client.GetAllChildrenNumberAsync("/b");
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(7));
        Assert.Equal(7, await request.OrHang());
        gate.Set();
        await Task.WhenAll(stuck).OrHang();
        Array.ForEach(watchers, watcher => watcher.Dispose());
    }

    [Fact]
    public async Task A_caller_that_blocks_on_its_next_request_gets_the_answer()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        var second = BlockOnSecondAsync(client, client.GetAllChildrenNumberAsync("/a"));

        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(1));
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(2));

        Assert.Equal(2, await second.OrHang());
    }

    [Fact]
    public async Task A_caller_that_does_not_return_keeps_nothing_from_the_others()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        using var gate = new ManualResetEventSlim();
        using var watcher = client.CreateWatcher();
        var stuck = BlockOnAsync(client.GetAllChildrenNumberAsync("/stuck"), gate);
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(1));

        var read = client.GetDataAsync("/a", watcher);
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(new byte[3], default(Stat)));
        Assert.Equal(3, (await read.OrHang()).Data!.Length);
        await connection.NotifyAsync(WatchEventType.NodeDataChanged, "/a");
        Assert.Equal(WatchEventType.NodeDataChanged, (await watcher.NextAsync()).Type);
        connection.Dispose();
        using var next = await server.AcceptSessionAsync();
        var after = client.GetAllChildrenNumberAsync("/b");
        await next.ReplyAsync((await next.ReadRequestAsync()).Xid, Body(7));
        Assert.Equal(7, await after.OrHang());

        // It comes back to a connection that is not its own any more, and ends.
        gate.Set();
        var thread = await stuck.OrHang();
        Assert.True(await Task.Run(() => thread.Join(Waits.Limit)), "the deposed thread did not end");
        var last = client.GetAllChildrenNumberAsync("/c");
        await next.ReplyAsync((await next.ReadRequestAsync()).Xid, Body(8));
        Assert.Equal(8, await last.OrHang());
    }

    [Fact]
    public async Task What_is_asked_for_while_several_answers_are_handled_goes_out()
    {
        const int Count = 10;
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        var chains = Enumerable.Range(0, Count).Select(_ => AskTwiceAsync(client)).ToArray();
        List<byte> answers = [];
        for (var i = 0; i < Count; i++)
        {
            answers.AddRange(Body(20, (await connection.ReadRequestAsync()).Xid, 1L, 0, 1));
        }

        await connection.SendRawAsync([.. answers]);
        for (var i = 0; i < Count; i++)
        {
            await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(2));
        }

        Assert.All(await Task.WhenAll(chains).OrHang(), sum => Assert.Equal(3, sum));
    }

    [Fact]
    public async Task What_gathers_behind_a_caller_that_blocks_goes_out_all_the_same()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        var blocking = BlockOnSecondAsync(client, client.GetAllChildrenNumberAsync("/a"));
        var other = client.GetAllChildrenNumberAsync("/b");
        var first = (await connection.ReadRequestAsync()).Xid;
        var second = (await connection.ReadRequestAsync()).Xid;

        await connection.SendRawAsync([.. Body(20, first, 1L, 0, 1), .. Body(20, second, 1L, 0, 5)]);
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(2));

        Assert.Equal(2, await blocking.OrHang());
        Assert.Equal(5, await other.OrHang());
    }

    [Fact]
    public async Task What_awaits_a_request_that_was_lost_runs_elsewhere()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        var threads = Enumerable.Range(0, 20).Select(_ => ThreadAfterAsync(client.GetAllChildrenNumberAsync("/a"))).ToArray();
        await connection.ReadRequestAsync();

        connection.Dispose();

        Assert.All(await Task.WhenAll(threads).OrHang(), thread => Assert.NotEqual(ReadingThread, thread.Name));
    }

    [Fact]
    public async Task Whoever_cancels_does_not_run_what_awaited()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        using var cancellation = new CancellationTokenSource();
        var after = ThreadAfterAsync(client.GetAllChildrenNumberAsync("/a", cancellation.Token));
        await connection.ReadRequestAsync();

        var canceller = new Thread(cancellation.Cancel);
        canceller.Start();

        Assert.NotSame(canceller, await after.OrHang());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Callers_that_block_and_connections_that_break_lose_no_answer(int seed)
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync(options => options.ReconnectPauseMax = TimeSpan.FromMilliseconds(1));
        await using var closing = client;
        using var end = new CancellationTokenSource();
        var serving = ServeAsync(server, connection, new Random(seed), end.Token);

        var callers = Enumerable.Range(0, 24).Select(number => CallAsync(client, new Random((seed * 1000) + number))).ToArray();
        var answered = await Task.WhenAll(callers).OrHang(() => $"seed {seed}: {callers.Count(caller => !caller.IsCompleted)} callers wait, {client.PendingRequests} requests are pending");

        Assert.All(answered, count => Assert.True(count > 0, "a caller never got an answer"));
        await end.CancelAsync();
        await client.DisposeAsync();
        await serving.OrHang();
    }

    private static async Task WatchAsync(ZooKeeperClient client, ScriptedConnection connection, Watcher watcher)
    {
        var read = client.GetDataAsync("/a", watcher);
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(new byte[3], default(Stat)));
        await read.OrHang();
    }

    private static async Task<Thread> ThreadAfterAsync(Task request)
    {
        await request.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Thread.CurrentThread;
    }

    private static async Task<Thread> BlockOnAsync(Task request, ManualResetEventSlim gate)
    {
        await request.ConfigureAwait(false);
        Assert.True(gate.Wait(Waits.Limit));
        return Thread.CurrentThread;
    }

    private static async Task<int> BlockOnSecondAsync(ZooKeeperClient client, Task<int> first)
    {
        await first.ConfigureAwait(false);
        return client.GetAllChildrenNumberAsync("/second").GetAwaiter().GetResult();
    }

    private static async Task<int> AskTwiceAsync(ZooKeeperClient client) =>
        await client.GetAllChildrenNumberAsync("/a").ConfigureAwait(false) + await client.GetAllChildrenNumberAsync("/b").ConfigureAwait(false);

    /// <summary>Asks again and again, now and then blocking on the next answer. Each answer is the number in its path.</summary>
    private static async Task<int> CallAsync(ZooKeeperClient client, Random random)
    {
        var answered = 0;
        for (var i = 0; i < 60; i++)
        {
            var number = random.Next(1000);
            try
            {
                var request = client.GetAllChildrenNumberAsync($"/{number}");
                Assert.Equal(number, random.Next(10) == 0 ? request.GetAwaiter().GetResult() : await request.ConfigureAwait(false));
                answered++;
            }
            catch (ZooKeeperException exception) when (exception.Code == ZooKeeperErrorCode.ConnectionLoss)
            {
                // Cut off between request and answer.
            }
        }

        return answered;
    }

    /// <summary>Answers, and breaks the connection now and then, until the client says that it closes its session.</summary>
    private static async Task ServeAsync(ScriptedServer server, ScriptedConnection connection, Random random, CancellationToken end)
    {
        try
        {
            while (await AnswerAsync(connection, random.Next(20, 200)))
            {
                connection.Dispose();
                connection = await server.AcceptSessionAsync().WaitAsync(end);
            }
        }
        catch (OperationCanceledException)
        {
            // The client was closed while it had no connection.
        }

        connection.Dispose();
    }

    /// <returns>Whether the client goes on.</returns>
    private static async Task<bool> AnswerAsync(ScriptedConnection connection, int requests)
    {
        try
        {
            for (; requests > 0; requests--)
            {
                var (xid, code, body) = await connection.ReadRequestAsync();
                if (code != OpCode.GetAllChildrenNumber)
                {
                    return false;
                }

                await connection.SendRawAsync(Body(20, xid, 1L, 0, NumberIn(body)));
            }
        }
        catch (IOException)
        {
            // It has left without a word.
        }

        return true;
    }

    private static int NumberIn(byte[] body) => int.Parse(System.Text.Encoding.ASCII.GetString(body.AsSpan(5)), System.Globalization.CultureInfo.InvariantCulture);
}
