using System.Buffers.Binary;
using System.Text;

namespace Grid.Benchmarks.ZooKeeper;

/// <summary>Requests to a ZooKeeper server as bytes, for what is measured as the floor.</summary>
internal static class BareFrames
{
    private const int Xid = 1;

    /// <summary>Asks for a session with a timeout of 30 s.</summary>
    public static byte[] Connect() => Frame([.. Int(0), .. new byte[8], .. Int(30_000), .. new byte[8], .. Bytes(new byte[16]), 0]);

    /// <summary>A request of one operation.</summary>
    public static byte[] Request(int operation, byte[] body) => Frame([.. Int(Xid), .. Int(operation), .. body]);

    /// <summary>A transaction, or with reads a multi-read.</summary>
    public static byte[] Multi(int multi, IEnumerable<(int Operation, byte[] Body)> operations) => Request(
        multi,
        [.. operations.SelectMany(each => (byte[])[.. Int(each.Operation), 0, .. Int(-1), .. each.Body]), .. Int(-1), 1, .. Int(-1)]);

    /// <summary>The body of the creation of a node that everybody may change.</summary>
    public static byte[] Creation(string path, byte[] data, int flags) => [.. Text(path), .. Bytes(data), .. Int(1), .. Int(31), .. Text("world"), .. Text("anyone"), .. Int(flags)];

    public static byte[] Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    public static byte[] Bytes(byte[] bytes) => [.. Int(bytes.Length), .. bytes];

    public static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>A floor of refused requests would be no floor.</summary>
    public static void ThrowIfError(ReadOnlySpan<byte> frame)
    {
        var isReply = BinaryPrimitives.ReadInt32BigEndian(frame[4..]) == Xid;
        if (isReply && BinaryPrimitives.ReadInt32BigEndian(frame[16..]) is not 0 and var error)
        {
            throw new InvalidOperationException($"The server refused a request of the floor: {error}.");
        }
    }

    private static byte[] Frame(byte[] body) => [.. Int(body.Length), .. body];
}
