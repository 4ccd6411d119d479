using System.Net;
using System.Net.Sockets;

namespace Grid.Discovery.Gossip.Net;

/// <summary>UDP with a thread of its own that receives. Sending never waits: what does not fit into the socket's buffer is lost, as on the way.</summary>
internal sealed class PacketSocket : IDisposable
{
    private const int StackBytes = 256 * 1024;
    private readonly Socket _socket;
    private readonly Action<ReadOnlyMemory<byte>, IPEndPoint> _receive;
    private readonly Thread _thread;
    private volatile bool _isDisposed;

    public PacketSocket(Socket socket, Action<ReadOnlyMemory<byte>, IPEndPoint> receive)
    {
        _socket = socket;
        _receive = receive;
        _thread = new Thread(Run, StackBytes) { Name = "grid-gossip-udp", IsBackground = true };
        _thread.UnsafeStart();
    }

    public void Send(byte[] packet, IPEndPoint to)
    {
        try
        {
            _socket.SendTo(packet, SocketFlags.None, to);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Lost, like a packet on the way; whoever needs an answer notices that there is none.
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _socket.Dispose();
    }

    private void Run()
    {
        var buffer = new byte[Wire.PacketCodec.PacketBytesMax + 1];
        while (!_isDisposed)
        {
            try
            {
                EndPoint from = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
                var count = _socket.ReceiveFrom(buffer, ref from);
                _receive(buffer.AsMemory(0, count), (IPEndPoint)from);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // A packet that was too long, or an earlier one that nobody took (ICMP); or the end.
            }
        }
    }
}
