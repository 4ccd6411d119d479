using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Net;

/// <summary>
/// One exchange over one TCP connection. The server sends a nonce of 16 bytes; the client a length (4 bytes) with its MAC, and the body with its MAC; the server the same back.
/// Every MAC covers the server's nonce, and the server's also the client's MAC, so that nothing of an earlier exchange can be used again. Nothing is allocated for a length
/// whose MAC is wrong. Blocks; each side calls it on a thread of its own. Bounded by a time for the whole.
/// </summary>
internal sealed class SyncLink(Socket socket, ClusterKey key, TimeProvider time, GossipDiscoveryMetrics metrics)
{
    private const string Transport = "tcp";
    private const int NonceBytes = 16;
    private const int BytesMax = 64 * 1024 * 1024;
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(5);
    private readonly long _startedAt = time.GetTimestamp();

    /// <summary>Connects, sends and returns the answer.</summary>
    /// <exception cref="IOException">It did not work.</exception>
    public static SyncMessage Exchange(IPEndPoint address, SyncMessage message, ClusterKey key, TimeProvider time, GossipDiscoveryMetrics metrics)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Connect(socket, address);
            return new SyncLink(socket, key, time, metrics).Ask(message);
        }
        catch (Exception exception) when (exception is SocketException or RecordFormatException)
        {
            throw new IOException($"{address} gave no answer: {exception.Message}", exception);
        }
    }

    /// <summary>Reads one message and answers it.</summary>
    /// <exception cref="IOException">The client went, took too long or does not know the key.</exception>
    public void Answer(Func<SyncMessage, SyncMessage> answer)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        SendAll(nonce);
        var (body, mac) = Receive(0x43, nonce);
        Send(0x53, [.. nonce, .. mac], answer(SyncMessage.Decode(body)).Encode());
    }

    private SyncMessage Ask(SyncMessage message)
    {
        var nonce = ReceiveAll(NonceBytes);
        var mac = Send(0x43, nonce, message.Encode());
        return SyncMessage.Decode(Receive(0x53, [.. nonce, .. mac]).Body);
    }

    private static void Connect(Socket socket, IPEndPoint address)
    {
        // Without blocking and with a bound of its own: the system's takes minutes.
        socket.Blocking = false;
        try
        {
            socket.Connect(address);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            if (!socket.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectWrite))
            {
                throw new SocketException((int)SocketError.TimedOut);
            }

            var error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            if (error != 0)
            {
                throw new SocketException(error);
            }
        }

        socket.Blocking = true;
    }

    private byte[] Send(byte tag, byte[] nonce, byte[] body)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        var mac = Sign(tag, nonce, body);
        SendAll([.. length, .. Sign((byte)(tag | 0x80), nonce, length)]);
        SendAll(body);
        SendAll(mac);
        return mac;
    }

    private (byte[] Body, byte[] Mac) Receive(byte tag, byte[] nonce)
    {
        var length = ReceiveAll(sizeof(int));
        Check(ReceiveAll(ClusterKey.MacBytes), Sign((byte)(tag | 0x80), nonce, length));
        var count = BinaryPrimitives.ReadInt32BigEndian(length);
        if (count is < 0 or > BytesMax)
        {
            throw new IOException($"A message of {count} bytes was announced; at most {BytesMax} are accepted.");
        }

        var body = ReceiveAll(count);
        var mac = ReceiveAll(ClusterKey.MacBytes);
        Check(mac, Sign(tag, nonce, body));
        return (body, mac);
    }

    private byte[] Sign(byte tag, byte[] nonce, byte[] data)
    {
        var mac = new byte[ClusterKey.MacBytes];
        key.Sign([tag, .. nonce, .. data], mac);
        return mac;
    }

    private static void Check(byte[] theirs, byte[] ours)
    {
        if (!CryptographicOperations.FixedTimeEquals(theirs, ours))
        {
            throw new IOException("The other side does not have the cluster's secret, or has another cluster's name.");
        }
    }

    private void SendAll(byte[] data)
    {
        for (var sent = 0; sent < data.Length;)
        {
            socket.SendTimeout = RemainingMilliseconds();
            sent += socket.Send(data, sent, data.Length - sent, SocketFlags.None);
        }

        metrics.CountBytes(Transport, "out", data.Length);
    }

    private byte[] ReceiveAll(int count)
    {
        var data = new byte[count];
        for (var received = 0; received < count;)
        {
            socket.ReceiveTimeout = RemainingMilliseconds();
            var read = socket.Receive(data, received, count - received, SocketFlags.None);
            received += read > 0 ? read : throw new IOException("The other side closed the connection: it does not have the cluster's secret, or is stopping.");
        }

        metrics.CountBytes(Transport, "in", count);
        return data;
    }

    private int RemainingMilliseconds()
    {
        var remaining = TimeMax - time.GetElapsedTime(_startedAt);
        return remaining > TimeSpan.FromMilliseconds(1) ? (int)remaining.TotalMilliseconds : throw new IOException($"The exchange took longer than {TimeMax}.");
    }
}
