using System.Buffers.Binary;
using System.Text;

namespace Grid.Discovery.Gossip.Wire;

/// <summary>Reads the primitives of a record. What a length claims is checked against what is there before anything is allocated.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> data)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest = data;

    public byte ReadByte() => Take(1)[0];

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    public UInt128 ReadUInt128() => BinaryPrimitives.ReadUInt128BigEndian(Take(16));

    /// <summary>Reads a number of elements that take at least so many bytes each.</summary>
    public int ReadCount(int elementBytesMin)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));
        return count * elementBytesMin <= _rest.Length
            ? count
            : throw new RecordFormatException($"it announces {count} elements and has only {_rest.Length} bytes left");
    }

    public string ReadString()
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));
        try
        {
            return Strict.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw new RecordFormatException("one of its texts is not UTF-8");
        }
    }

    public ulong ReadUInt64() => unchecked((ulong)ReadInt64());

    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    public int Remaining => _rest.Length;

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new RecordFormatException($"it ends where {count} more bytes are expected and {_rest.Length} are left");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
