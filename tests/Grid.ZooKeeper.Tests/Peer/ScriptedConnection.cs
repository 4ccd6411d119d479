using System.Buffers.Binary;
using System.Net.Sockets;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Tests.Peer;

/// <summary>The server's end of one connection.</summary>
internal sealed class ScriptedConnection(TcpClient client) : IDisposable
{
    public const long SessionId = 0x1234;
    private readonly NetworkStream _stream = client.GetStream();

    public static byte[] Password { get; } = [.. Enumerable.Range(1, 16).Select(number => (byte)number)];

    /// <summary>Builds a body of jute records.</summary>
    public static byte[] Body(params object[] fields)
    {
        List<byte> bytes = [];
        foreach (var field in fields)
        {
            bytes.AddRange(Encode(field));
        }

        return [.. bytes];
    }

    public async Task GrantAsync(int timeoutMilliseconds)
    {
        await ReadAsync();
        await SendAsync(Body(0, timeoutMilliseconds, SessionId, Password, false));
    }

    /// <summary>The next frame of the client, without its length.</summary>
    public async Task<byte[]> ReadAsync()
    {
        var length = new byte[4];
        await _stream.ReadExactlyAsync(length).AsTask().OrHang(() => "the client sends nothing");
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await _stream.ReadExactlyAsync(frame).AsTask().OrHang(() => "the client sends half a frame");
        return frame;
    }

    /// <summary>The next request that is not a ping.</summary>
    public async Task<(int Xid, OpCode Code, byte[] Body)> ReadRequestAsync()
    {
        while (true)
        {
            var frame = await ReadAsync();
            var code = (OpCode)BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4));
            if (code != OpCode.Ping)
            {
                return (BinaryPrimitives.ReadInt32BigEndian(frame), code, frame[8..]);
            }
        }
    }

    public Task ReplyAsync(int xid, byte[] body, int error = 0, long zxid = 1) => SendAsync([.. Body(xid, zxid, error), .. body]);

    public Task NotifyAsync(WatchEventType type, string path) => ReplyAsync(Xid.Notification, Body((int)type, 3, path), 0, -1);

    /// <summary>Sends a frame with its length.</summary>
    public Task SendAsync(byte[] frame) => SendRawAsync([.. Body(frame.Length), .. frame]);

    public Task SendRawAsync(byte[] bytes) => _stream.WriteAsync(bytes).AsTask();

    /// <summary>Waits until the client has closed the connection.</summary>
    public async Task ReadToEndAsync()
    {
        try
        {
            await _stream.CopyToAsync(Stream.Null).OrHang(() => "the client keeps the connection");
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    public void Dispose() => client.Dispose();

    private static byte[] Encode(object field)
    {
        switch (field)
        {
            case int number:
                var four = new byte[4];
                BinaryPrimitives.WriteInt32BigEndian(four, number);
                return four;
            case long number:
                var eight = new byte[8];
                BinaryPrimitives.WriteInt64BigEndian(eight, number);
                return eight;
            case bool flag:
                return [flag ? (byte)1 : (byte)0];
            case byte[] buffer:
                return [.. Encode(buffer.Length), .. buffer];
            case string text:
                return Encode(System.Text.Encoding.UTF8.GetBytes(text));
            case Stat stat:
                return Body(
                    stat.Czxid, stat.Mzxid, stat.CtimeMilliseconds, stat.MtimeMilliseconds, stat.Version, stat.Cversion, stat.Aversion, stat.EphemeralOwner,
                    stat.DataLength, stat.NumChildren, stat.Pzxid);
            default:
                throw new ArgumentException($"No encoding for {field}.", nameof(field));
        }
    }
}
