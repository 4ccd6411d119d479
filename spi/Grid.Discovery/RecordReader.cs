using System.Buffers.Binary;
using System.Text;

namespace Grid.Discovery;

/// <summary>
/// Reads what <see cref="RecordWriter"/> wrote, from bytes that may be anybody's: what a length claims is checked against what is there before anything is allocated. Every method throws
/// <see cref="RecordFormatException"/> where the bytes end too soon.
/// </summary>
/// <param name="data">The bytes.</param>
public ref struct RecordReader(ReadOnlySpan<byte> data)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>The number of bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Reads 1 byte.</summary>
    /// <returns>The byte.</returns>
    public byte ReadByte() => Take(1)[0];

    /// <summary>Reads 4 bytes.</summary>
    /// <returns>The number.</returns>
    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    /// <summary>Reads 8 bytes.</summary>
    /// <returns>The number.</returns>
    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    /// <summary>Reads 8 bytes.</summary>
    /// <returns>The number.</returns>
    public ulong ReadUInt64() => unchecked((ulong)ReadInt64());

    /// <summary>Reads 16 bytes.</summary>
    /// <returns>The number.</returns>
    public UInt128 ReadUInt128() => BinaryPrimitives.ReadUInt128BigEndian(Take(16));

    /// <summary>Reads a number of elements, which the bytes that are left can hold.</summary>
    /// <param name="elementBytesMin">The least that an element takes.</param>
    /// <returns>0 to 65,535.</returns>
    /// <exception cref="RecordFormatException">They cannot hold so many.</exception>
    public int ReadCount(int elementBytesMin)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));
        return count * elementBytesMin <= _rest.Length
            ? count
            : throw new RecordFormatException($"it announces {count} elements and has only {_rest.Length} bytes left");
    }

    /// <summary>Reads a text behind its length.</summary>
    /// <returns>The text.</returns>
    /// <exception cref="RecordFormatException">It is not UTF-8.</exception>
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

    /// <summary>Reads so many bytes.</summary>
    /// <param name="count">0 or more.</param>
    /// <returns>A part of the data, not a copy.</returns>
    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            throw new RecordFormatException($"it ends where {count} more bytes are expected and {_rest.Length} are left");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
