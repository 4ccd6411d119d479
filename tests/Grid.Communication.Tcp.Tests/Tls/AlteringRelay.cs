using System.Net;
using System.Net.Sockets;

namespace Grid.Communication.Tcp.Tests;

/// <summary>Stands between two ends and, once told, changes the last byte of what the dialing one sends.</summary>
internal sealed class AlteringRelay : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _onward = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _relaying;
    private Socket? _inward;
    private volatile bool _alters;

    public AlteringRelay(NodeEndpoint target)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Endpoint = new NodeEndpoint("127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port);
        _relaying = RelayAsync(target);
    }

    public NodeEndpoint Endpoint { get; }

    public void Alter() => _alters = true;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _inward?.Dispose();
        _onward.Dispose();
        await _relaying;
    }

    private async Task RelayAsync(NodeEndpoint target)
    {
        _inward = await _listener.AcceptAsync();
        await _onward.ConnectAsync(target.Host, target.Port);
        await Task.WhenAll(CopyAsync(_inward, _onward, mayAlter: true), CopyAsync(_onward, _inward, mayAlter: false));
    }

    private async Task CopyAsync(Socket from, Socket to, bool mayAlter)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (var count = await from.ReceiveAsync(buffer); count > 0; count = await from.ReceiveAsync(buffer))
            {
                buffer[count - 1] ^= mayAlter && _alters ? (byte)1 : (byte)0;
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One of the ends is gone; the other is closed with the relay.
        }
    }
}
