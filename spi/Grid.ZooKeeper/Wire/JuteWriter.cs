using System.Buffers.Binary;
using System.Text;

namespace Grid.ZooKeeper.Wire;

/// <summary>
/// Writes one frame into a pooled array: the length first, filled in at the end. Whoever takes the frame returns the
/// array; after an exception the array is left to the garbage collector.
/// </summary>
internal ref struct JuteWriter
{
    private const int InitialBytes = 64;
    private readonly int _frameBytesMax;
    private byte[] _buffer;
    private int _position;

    /// <param name="frameBytesMax">Most bytes after the length field.</param>
    public JuteWriter(int frameBytesMax)
    {
        _frameBytesMax = frameBytesMax;
        _buffer = FramePool.Rent(InitialBytes);
        _position = 4;
    }

    /// <summary>Starts a request: its transaction id stays open until <see cref="Frame.SetXid"/>.</summary>
    public static JuteWriter Request(OpCode code, int frameBytesMax)
    {
        var writer = new JuteWriter(frameBytesMax);
        writer.WriteInt(0);
        writer.WriteInt((int)code);
        return writer;
    }

    public void WriteInt(int value) => BinaryPrimitives.WriteInt32BigEndian(Grow(4), value);

    public void WriteLong(long value) => BinaryPrimitives.WriteInt64BigEndian(Grow(8), value);

    public void WriteBool(bool value) => Grow(1)[0] = value ? (byte)1 : (byte)0;

    public void WriteBuffer(ReadOnlySpan<byte> value)
    {
        WriteInt(value.Length);
        value.CopyTo(Grow(value.Length));
    }

    public void WriteBuffer(ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
        {
            WriteBuffer(bytes.Span);
        }
        else
        {
            WriteInt(-1);
        }
    }

    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteInt(-1);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        WriteInt(length);
        Encoding.UTF8.GetBytes(value, Grow(length));
    }

    public void WriteStrings(IReadOnlyList<string> values)
    {
        WriteInt(values.Count);
        foreach (var value in values)
        {
            WriteString(value);
        }
    }

    public void WriteAcls(IReadOnlyList<Acl> acls)
    {
        WriteInt(acls.Count);
        foreach (var acl in acls)
        {
            WriteInt((int)acl.Permissions);
            WriteString(acl.Scheme);
            WriteString(acl.Id);
        }
    }

    /// <summary>Ends the frame and hands its array over.</summary>
    public readonly Frame Finish()
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer, _position - 4);
        return new Frame(_buffer, _position);
    }

    private Span<byte> Grow(int bytes)
    {
        var end = (long)_position + bytes;
        if (end - 4 > _frameBytesMax)
        {
            throw new ArgumentException(
                $"The request would be longer than {_frameBytesMax} bytes, the limit that client and servers share ({nameof(ZooKeeperOptions.RequestBytesMax)}; "
                + "jute.maxbuffer at the servers). A server would close the connection. Store less in one node, or put less into one multi.");
        }

        if (end > _buffer.Length)
        {
            var larger = FramePool.Rent((int)Math.Max(end, Math.Min(2L * _buffer.Length, _frameBytesMax + 4L)));
            _buffer.AsSpan(0, _position).CopyTo(larger);
            FramePool.Return(_buffer);
            _buffer = larger;
        }

        var grown = _buffer.AsSpan(_position, bytes);
        _position = (int)end;
        return grown;
    }
}
