using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Grid.ZooKeeper.Tests.Server;

/// <summary>A TCP proxy in front of one server that cuts, refuses, and swallows one direction on demand.</summary>
internal sealed class ChaosProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _open = [];
    private readonly Task _accepting;
    private volatile string _target;
    private volatile bool _isSwallowingReplies;
    private volatile bool _isRefusing;
    private volatile byte[]? _swallowFrom;

    public ChaosProxy(string target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Replies no longer reach the client; its requests still reach the server.</summary>
    public void SwallowReplies() => _isSwallowingReplies = true;

    /// <summary>Replies no longer reach the client from the first request on that holds the text.</summary>
    public void SwallowRepliesFrom(string text) => _swallowFrom = Encoding.UTF8.GetBytes(text);

    /// <summary>Ends all connections and closes new ones at once, until <see cref="Heal"/>.</summary>
    public void Refuse()
    {
        _isRefusing = true;
        Cut();
    }

    /// <summary>Lets everything through again, to the same server or another.</summary>
    public void Heal(string? target = null)
    {
        _target = target ?? _target;
        _swallowFrom = null;
        _isSwallowingReplies = false;
        _isRefusing = false;
    }

    /// <summary>Ends all connections; new ones are accepted.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _open.ForEach(client => client.Dispose());
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> pumps = [];
        while (!_stopping.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            if (_isRefusing)
            {
                client.Dispose();
                continue;
            }

            pumps.Add(ServeAsync(client));
        }

        await Task.WhenAll(pumps);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        lock (_gate)
        {
            _open.Add(client);
            _open.Add(server);
        }

        try
        {
            var endpoint = IPEndPoint.Parse(_target);
            await server.ConnectAsync(endpoint, _stopping.Token);
            var up = PumpAsync(client.GetStream(), server.GetStream(), isReplies: false);
            var down = PumpAsync(server.GetStream(), client.GetStream(), isReplies: true);
            await Task.WhenAny(up, down);
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // One end is gone; the other follows.
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, bool isReplies)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _stopping.Token) is > 0 and var read)
            {
                if (!isReplies && _swallowFrom is { } text && buffer.AsSpan(0, read).IndexOf(text) >= 0)
                {
                    SwallowReplies();
                }

                if (!isReplies || !_isSwallowingReplies)
                {
                    await to.WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The caller ends the other direction.
        }
    }
}
