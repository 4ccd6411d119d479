using System.Buffers.Binary;
using Grid.ZooKeeper.Wire;
using static Grid.ZooKeeper.Tests.Peer.ScriptedConnection;

namespace Grid.ZooKeeper.Tests.Peer;

public sealed class SessionFaultTests
{
    [Fact]
    public async Task A_session_that_ended_meanwhile_ends_the_client_its_requests_and_its_watchers()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        await using var closing = client;
        using var watcher = client.CreateWatcher();
        connection.Dispose();
        await client.StateAsync(SessionState.Suspended);
        var waiting = client.CreateAsync("/a", null);
        using var next = await server.AcceptAsync();
        await next.ReadAsync();
        await next.SendAsync(Body(0, 0, 0L, new byte[16], false));
        await client.StateAsync(SessionState.Expired);
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => waiting.OrHang());
        var later = await Assert.ThrowsAsync<ZooKeeperException>(() => client.ExistsAsync("/a").OrHang());
        Assert.Equal((ZooKeeperErrorCode.SessionExpired, false), (error.Code, error.MayHaveBeenApplied));
        Assert.Equal(ZooKeeperErrorCode.SessionExpired, later.Code);
        Assert.Equal(WatchEventType.SessionEnded, (await watcher.NextAsync()).Type);
        await watcher.Events.Completion.OrHang();
    }

    [Fact]
    public async Task A_bare_header_instead_of_a_session_sends_the_client_to_the_next_server()
    {
        using var readOnly = new ScriptedServer();
        using var good = new ScriptedServer();
        var connecting = ZooKeeperClient.ConnectAsync(Both(readOnly, good));
        using var refusing = await readOnly.AcceptAsync();
        await refusing.ReadAsync();
        await refusing.SendAsync(Body(0, 0L, (int)ZooKeeperErrorCode.NotReadOnly));
        using var session = await good.AcceptSessionAsync();
        await using var client = await connecting.OrHang();
        Assert.Equal(SessionId, client.Session!.SessionId);
    }

    [Fact]
    public async Task A_server_that_accepts_and_never_answers_is_left_for_the_next_one()
    {
        using var silent = new ScriptedServer();
        using var good = new ScriptedServer();
        var options = Both(silent, good);
        options.HandshakeTimeout = TimeSpan.FromSeconds(1);
        var connecting = ZooKeeperClient.ConnectAsync(options);
        using var hung = await silent.AcceptAsync();
        using var session = await good.AcceptSessionAsync();
        await using var client = await connecting.OrHang();
        await hung.ReadToEndAsync();
    }

    [Fact]
    public async Task A_silent_server_is_pinged_and_then_left_within_the_session()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync(timeoutMilliseconds: 3000);
        await using var closing = client;
        var ping = await connection.ReadAsync();
        Assert.Equal(Xid.Ping, BinaryPrimitives.ReadInt32BigEndian(ping));
        await connection.ReadToEndAsync();

        // This server is as silent, but for longer than anybody looks at it.
        using var next = await server.AcceptSessionAsync(600_000);
        await client.StateAsync(SessionState.Connected);
    }

    [Fact]
    public async Task A_request_that_waits_is_nudged_with_pings()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync(options => options.NudgeAfter = TimeSpan.FromMilliseconds(10));
        await using var closing = client;
        var sync = client.SyncAsync();
        var request = await connection.ReadRequestAsync();
        for (var nudge = 0; nudge < 3; nudge++)
        {
            Assert.Equal(Xid.Ping, BinaryPrimitives.ReadInt32BigEndian(await connection.ReadAsync()));
            await connection.ReplyAsync(Xid.Ping, []);
        }

        await connection.ReplyAsync(request.Xid, Body("/"));
        await sync.OrHang();
    }

    [Fact]
    public async Task A_request_that_only_pings_outlive_makes_the_client_leave_the_server()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync(options =>
        {
            options.NudgeAfter = TimeSpan.FromMilliseconds(10);
            options.RequestTimeout = TimeSpan.FromMilliseconds(100);
        });
        await using var closing = client;
        var sync = client.SyncAsync();
        await connection.ReadRequestAsync();
        var answering = AnswerPingsAsync(connection);
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => sync.OrHang());
        Assert.Equal(ZooKeeperErrorCode.ConnectionLoss, error.Code);
        await answering.OrHang();
    }

    [Fact]
    public async Task A_session_shorter_than_the_least_acceptable_fails_the_start_and_is_closed()
    {
        using var server = new ScriptedServer();
        var options = server.Options();
        options.SessionTimeoutMin = TimeSpan.FromSeconds(5);
        var connecting = ZooKeeperClient.ConnectAsync(options);
        using var connection = await server.AcceptSessionAsync(4000);
        Assert.Equal(OpCode.CloseSession, (await connection.ReadRequestAsync()).Code);
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => connecting.OrHang());
        Assert.Equal(ZooKeeperErrorCode.BadArguments, error.Code);
        Assert.Contains("SessionTimeoutMin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_server_the_start_fails_in_its_time_and_says_why()
    {
        using var server = new ScriptedServer();
        var options = server.Options();
        server.Dispose();
        options.StartTimeout = TimeSpan.FromMilliseconds(200);
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => ZooKeeperClient.ConnectAsync(options).OrHang());
        Assert.Equal(ZooKeeperErrorCode.ConnectionLoss, error.Code);
        Assert.Contains("refused", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_client_cut_off_is_fenced_by_its_own_clock_and_unfenced_by_the_next_answer()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync(timeoutMilliseconds: 1500);
        await using var closing = client;
        var until = client.StatusesUntilAsync(status => status.IsFinal);
        connection.Dispose();
        var fenced = await client.StatusAsync(status => status.IsFenced);
        Assert.Equal(SessionState.Suspended, fenced.State);
        var fencedAt = client.FenceTimestamp;
        Assert.True(TimeProvider.System.GetTimestamp() >= fencedAt);
        // Armed first: the scripted server answers no ping, so a test that comes late to look finds the client fenced again.
        var unfenced = client.StatusAsync(status => status is { State: SessionState.Connected, IsFenced: false });
        using var next = await server.AcceptSessionAsync(1500);
        await unfenced;
        Assert.True(client.FenceTimestamp > fencedAt);
        await client.CloseAsync();
        Assert.Contains(await until.OrHang(), status => status is { State: SessionState.Suspended, IsFenced: true });
    }

    [Fact]
    public async Task Credentials_go_out_first_and_watches_second_on_every_connection()
    {
        using var server = new ScriptedServer();
        var options = server.Options();
        options.Auth = [AuthInfo.Digest("user", "secret")];
        var connecting = ZooKeeperClient.ConnectAsync(options);
        using var first = await server.AcceptSessionAsync();
        await AcceptAuthAsync(first);
        await using var client = await connecting.OrHang();
        using var watcher = client.CreateWatcher();
        var exists = client.ExistsAsync("/a", watcher);
        await first.ReplyAsync((await first.ReadRequestAsync()).Xid, [], (int)ZooKeeperErrorCode.NoNode, zxid: 77);
        Assert.Null(await exists.OrHang());
        first.Dispose();
        using var second = await server.AcceptSessionAsync();
        await AcceptAuthAsync(second);
        var watches = await second.ReadRequestAsync();
        Assert.Equal((Xid.SetWatches, OpCode.SetWatches), (watches.Xid, watches.Code));
        Assert.Equal(Body(77L, 0, 1, "/a", 0), watches.Body);
    }

    [Fact]
    public async Task Refused_credentials_end_the_client()
    {
        using var server = new ScriptedServer();
        var options = server.Options();
        options.Auth = [new AuthInfo("unknown", [1])];
        var connecting = ZooKeeperClient.ConnectAsync(options);
        using var connection = await server.AcceptSessionAsync();
        await connection.ReadRequestAsync();
        await connection.ReplyAsync(Xid.Auth, [], (int)ZooKeeperErrorCode.AuthFailed);
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => connecting.OrHang());
        Assert.Equal(ZooKeeperErrorCode.AuthFailed, error.Code);
    }

    [Fact]
    public async Task Closing_twice_or_while_connecting_or_without_a_server_ends()
    {
        using var server = new ScriptedServer();
        var (client, connection) = await server.ConnectAsync();
        using var kept = connection;
        await Task.WhenAll(client.CloseAsync(), client.CloseAsync()).OrHang();
        await client.DisposeAsync();
        Assert.Equal(SessionState.Closed, client.Status.State);
        Assert.Equal(ZooKeeperErrorCode.Closing, (await Assert.ThrowsAsync<ZooKeeperException>(() => client.ExistsAsync("/a"))).Code);
        var connecting = ZooKeeperClient.Start(server.Options());
        Assert.False(await connecting.CloseAsync().OrHang());
    }

    [Fact]
    public async Task An_unknown_host_does_not_keep_the_client_from_the_others()
    {
        using var server = new ScriptedServer();
        var options = server.Options();
        options.ConnectString = $"no-such-host.invalid:1,{options.ConnectString}";
        options.Resolve = _ => throw new System.Net.Sockets.SocketException(11001);
        var connecting = ZooKeeperClient.ConnectAsync(options);
        using var connection = await server.AcceptSessionAsync();
        await using var client = await connecting.OrHang();
        Assert.Equal(SessionState.Connected, client.Status.State);
    }

    private static ZooKeeperOptions Both(ScriptedServer first, ScriptedServer second)
    {
        var options = first.Options();
        options.ConnectString = $"{first.Address},{second.Address}";
        return options;
    }

    private static async Task AcceptAuthAsync(ScriptedConnection connection)
    {
        var auth = await connection.ReadRequestAsync();
        Assert.Equal((Xid.Auth, OpCode.Auth), (auth.Xid, auth.Code));
        Assert.Equal(Body(0, "digest", "user:secret"u8.ToArray()), auth.Body);
        await connection.ReplyAsync(Xid.Auth, []);
    }

    private static async Task AnswerPingsAsync(ScriptedConnection connection)
    {
        try
        {
            while (true)
            {
                await connection.ReadAsync();
                await connection.ReplyAsync(Xid.Ping, []);
            }
        }
        catch (IOException)
        {
            // The client has left.
        }
    }
}
