using System.Buffers.Binary;
using Grid.ZooKeeper.Wire;
using static Grid.ZooKeeper.Tests.Peer.ScriptedConnection;

namespace Grid.ZooKeeper.Tests.Peer;

public sealed class ConnectionFaultTests
{
    [Fact]
    public async Task A_write_whose_answer_is_lost_may_have_been_applied_and_a_read_was_not_a_change()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        var create = client.CreateAsync("/a", null);
        var read = client.GetDataAsync("/a");
        await connection.ReadRequestAsync();
        await connection.ReadRequestAsync();
        connection.Dispose();
        var createError = await Assert.ThrowsAsync<ZooKeeperException>(() => create.OrHang());
        var readError = await Assert.ThrowsAsync<ZooKeeperException>(() => read.OrHang());
        Assert.Equal((ZooKeeperErrorCode.ConnectionLoss, "/a", true, true), (createError.Code, createError.Path, createError.MayHaveBeenApplied, createError.IsTransient));
        Assert.Equal((ZooKeeperErrorCode.ConnectionLoss, false), (readError.Code, readError.MayHaveBeenApplied));
    }

    [Fact]
    public async Task Requests_made_while_suspended_go_out_after_the_reconnect_and_in_order()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        connection.Dispose();
        await client.StateAsync(SessionState.Suspended);
        var first = client.ExistsAsync("/1");
        var second = client.ExistsAsync("/2");
        using var next = await server.AcceptSessionAsync();
        var one = await next.ReadRequestAsync();
        var two = await next.ReadRequestAsync();
        await next.ReplyAsync(one.Xid, [], (int)ZooKeeperErrorCode.NoNode);
        await next.ReplyAsync(two.Xid, [], (int)ZooKeeperErrorCode.NoNode);
        Assert.Equal([Body("/1", false), Body("/2", false)], new[] { one.Body, two.Body });
        Assert.Null(await first.OrHang());
        Assert.Null(await second.OrHang());
    }

    [Fact]
    public async Task A_request_waiting_for_a_connection_fails_in_its_time_and_was_not_applied()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync(options => options.RequestTimeout = TimeSpan.FromMilliseconds(50));
        await using var closing = client;
        connection.Dispose();
        await client.StateAsync(SessionState.Suspended);
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => client.CreateAsync("/a", null).OrHang());
        Assert.Equal((ZooKeeperErrorCode.OperationTimeout, false), (error.Code, error.MayHaveBeenApplied));
        Assert.Equal(0, client.PendingRequests);
    }

    [Fact]
    public async Task A_request_cancelled_before_it_was_sent_is_never_sent()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        connection.Dispose();
        await client.StateAsync(SessionState.Suspended);
        using var cancel = new CancellationTokenSource();
        var cancelled = client.CreateAsync("/cancelled", null, ct: cancel.Token);
        var kept = client.ExistsAsync("/kept");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        using var next = await server.AcceptSessionAsync();
        var only = await next.ReadRequestAsync();
        await next.ReplyAsync(only.Xid, [], (int)ZooKeeperErrorCode.NoNode);
        Assert.Equal(OpCode.Exists, only.Code);
        Assert.Null(await kept.OrHang());
    }

    [Fact]
    public async Task The_answer_to_a_cancelled_request_is_skipped_and_later_ones_match()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        using var cancel = new CancellationTokenSource();
        var cancelled = client.GetChildrenAsync("/a", ct: cancel.Token);
        var kept = client.GetAllChildrenNumberAsync("/a");
        var one = await connection.ReadRequestAsync();
        var two = await connection.ReadRequestAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        await connection.ReplyAsync(one.Xid, Body(0));
        await connection.ReplyAsync(two.Xid, Body(7));
        Assert.Equal(7, await kept.OrHang());
    }

    [Fact]
    public async Task An_answer_out_of_order_breaks_the_connection_and_keeps_the_session()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        var read = client.GetDataAsync("/a");
        var request = await connection.ReadRequestAsync();
        await connection.ReplyAsync(request.Xid + 1, []);
        await connection.ReadToEndAsync();
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => read.OrHang());
        Assert.Equal(ZooKeeperErrorCode.ConnectionLoss, error.Code);
        using var next = await server.AcceptAsync();
        var attach = await next.ReadAsync();
        Assert.Equal(SessionId, BinaryPrimitives.ReadInt64BigEndian(attach.AsSpan(16)));
        Assert.Equal(Password, attach.AsSpan(28, 16).ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0x7f, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0, 0, 0, 3, 1, 2, 3 })]
    public async Task A_frame_that_cannot_be_breaks_the_connection(byte[] bytes)
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        await connection.SendRawAsync(bytes);
        await connection.ReadToEndAsync();
        using var next = await server.AcceptSessionAsync();
        await client.StateAsync(SessionState.Connected);
    }

    [Fact]
    public async Task A_connection_that_ends_inside_of_a_frame_fails_the_request()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        var read = client.GetDataAsync("/a");
        await connection.ReadRequestAsync();
        await connection.SendRawAsync([0, 0, 0, 100, 1, 2]);
        connection.Dispose();
        Assert.Equal(ZooKeeperErrorCode.ConnectionLoss, (await Assert.ThrowsAsync<ZooKeeperException>(() => read.OrHang())).Code);
    }

    [Fact]
    public async Task An_answer_that_does_not_decode_fails_its_request_and_breaks_the_connection()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        var children = client.GetChildrenAsync("/a");
        var request = await connection.ReadRequestAsync();
        await connection.ReplyAsync(request.Xid, Body(int.MaxValue));
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => children.OrHang());
        Assert.Equal(ZooKeeperErrorCode.MarshallingError, error.Code);
        await connection.ReadToEndAsync();
    }

    [Fact]
    public async Task A_frame_in_single_bytes_is_put_together()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        var number = client.GetAllChildrenNumberAsync("/a");
        var request = await connection.ReadRequestAsync();
        foreach (var part in Body(20, request.Xid, 5L, 0, 42))
        {
            await connection.SendRawAsync([part]);
        }

        Assert.Equal(42, await number.OrHang());
        Assert.Equal(5, client.LastZxid);
    }

    [Fact]
    public async Task An_error_code_of_the_future_is_an_error_and_not_a_broken_connection()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        var write = client.SetDataAsync("/a", null);
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, [], -999);
        Assert.Equal((ZooKeeperErrorCode)(-999), (await Assert.ThrowsAsync<ZooKeeperException>(() => write.OrHang())).Code);
        Assert.Equal(SessionState.Connected, client.Status.State);
    }

    [Fact]
    public async Task A_server_that_reads_nothing_any_more_is_left_although_the_write_to_it_blocks()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync(timeoutMilliseconds: 1500);
        await using var closing = client;
        using var hung = connection;
        var data = new byte[900 * 1024];
        var writes = Enumerable.Range(0, 40).Select(_ => client.SetDataAsync("/a", data)).ToArray();

        await client.StateAsync(SessionState.Suspended);

        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => writes[0].OrHang());
        Assert.Equal((ZooKeeperErrorCode.ConnectionLoss, true), (error.Code, error.MayHaveBeenApplied));
        using var next = await server.AcceptSessionAsync();
    }

    [Fact]
    public async Task More_requests_than_the_limit_are_refused_at_once()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync(options => options.RequestsMax = 2);
        await using var closing = client;
        var first = client.GetAllChildrenNumberAsync("/a");
        _ = client.GetAllChildrenNumberAsync("/b");
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => client.CreateAsync("/c", null));
        Assert.Equal((ZooKeeperErrorCode.TooManyRequests, false), (error.Code, error.MayHaveBeenApplied));
        await connection.ReplyAsync((await connection.ReadRequestAsync()).Xid, Body(1));
        Assert.Equal(1, await first.OrHang());
    }

    [Fact]
    public async Task Random_bytes_never_do_more_than_break_the_connection()
    {
        const int Seed = 20_301;
        var random = new Random(Seed);
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        for (var round = 0; round < 200; round++)
        {
            var pending = client.GetDataAsync("/a");
            var xid = (await connection.ReadRequestAsync()).Xid;
            var garbage = new byte[random.Next(1, 200)];
            random.NextBytes(garbage);
            await connection.ReplyAsync(random.Next(2) == 0 ? xid : random.Next(-9, 3), garbage);
            connection.Dispose();
            await Assert.ThrowsAsync<ZooKeeperException>(() => pending.OrHang(() => $"seed {Seed}, round {round}"));
            connection = await server.AcceptSessionAsync();
        }

        connection.Dispose();
    }
}
