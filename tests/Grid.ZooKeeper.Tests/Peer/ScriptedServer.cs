using System.Net;
using System.Net.Sockets;

namespace Grid.ZooKeeper.Tests.Peer;

/// <summary>A peer that speaks the real protocol as a test dictates: for what a real server does not do on demand.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedServer() => _listener.Start();

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The next connection of a client, before it has said anything.</summary>
    public async Task<ScriptedConnection> AcceptAsync() => new(await _listener.AcceptTcpClientAsync().OrHang(() => "nobody connects"));

    /// <summary>The next connection, with its session granted.</summary>
    public async Task<ScriptedConnection> AcceptSessionAsync(int timeoutMilliseconds = 10_000)
    {
        var connection = await AcceptAsync();
        await connection.GrantAsync(timeoutMilliseconds);
        return connection;
    }

    /// <summary>A connected client and its connection. Nothing is sent but what the test asks for: no nudges, a long timeout.</summary>
    public async Task<(ZooKeeperClient Client, ScriptedConnection Connection)> ConnectAsync(Action<ZooKeeperOptions>? configure = null, int timeoutMilliseconds = 10_000)
    {
        var options = Options();
        configure?.Invoke(options);
        var connecting = ZooKeeperClient.ConnectAsync(options);
        var connection = await AcceptSessionAsync(timeoutMilliseconds);
        return (await connecting.OrHang(), connection);
    }

    public ZooKeeperOptions Options() => new()
    {
        ConnectString = Address,
        NudgeAfter = Timeout.InfiniteTimeSpan,
        CloseTimeout = TimeSpan.Zero,
        HandshakeTimeout = TimeSpan.FromSeconds(20),
        ShuffleServers = false,
        Seed = 1,
    };

    public void Dispose() => _listener.Dispose();
}
