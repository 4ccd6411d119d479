using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Grid.Discovery;

/// <summary>Writes the primitives of a record into a buffer that grows: numbers big-endian, texts as UTF-8 behind their length of 2 bytes. <see cref="RecordReader"/> reads it. One thread at a time.</summary>
public sealed class RecordWriter
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>The number of bytes written.</summary>
    public int Length => _buffer.WrittenCount;

    /// <summary>The bytes written, until more are.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Writes 1 byte.</summary>
    /// <param name="value">The byte.</param>
    public void WriteByte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    /// <summary>Writes 4 bytes.</summary>
    /// <param name="value">The number.</param>
    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(sizeof(int)), value);
        _buffer.Advance(sizeof(int));
    }

    /// <summary>Writes 8 bytes.</summary>
    /// <param name="value">The number.</param>
    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
    }

    /// <summary>Writes 8 bytes.</summary>
    /// <param name="value">The number.</param>
    public void WriteUInt64(ulong value) => WriteInt64(unchecked((long)value));

    /// <summary>Writes 16 bytes.</summary>
    /// <param name="value">The number, for example of an id.</param>
    public void WriteUInt128(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128BigEndian(_buffer.GetSpan(16), value);
        _buffer.Advance(16);
    }

    /// <summary>Writes the number of elements that follow, in 2 bytes.</summary>
    /// <param name="count">0 to 65,535.</param>
    /// <exception cref="FormatException">There are more.</exception>
    public void WriteCount(int count)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.GetSpan(sizeof(ushort)), ToUInt16(count, "elements in one list"));
        _buffer.Advance(sizeof(ushort));
    }

    /// <summary>Writes a text behind its length of 2 bytes.</summary>
    /// <param name="text">The text, at most 65,535 bytes as UTF-8.</param>
    /// <exception cref="FormatException">It is longer, or not valid Unicode.</exception>
    public void WriteString(string text)
    {
        byte[] bytes;
        try
        {
            bytes = Strict.GetBytes(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new FormatException("one of its texts is not valid Unicode: it has half of a surrogate pair", exception);
        }

        BinaryPrimitives.WriteUInt16BigEndian(_buffer.GetSpan(sizeof(ushort)), ToUInt16(bytes.Length, "bytes in one text"));
        _buffer.Advance(sizeof(ushort));
        _buffer.Write(bytes);
    }

    /// <summary>Writes bytes as they are, without a length.</summary>
    /// <param name="bytes">The bytes.</param>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    /// <summary>A copy of the bytes written.</summary>
    /// <returns>The copy.</returns>
    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    private static ushort ToUInt16(int value, string what) =>
        value <= ushort.MaxValue ? (ushort)value : throw new FormatException($"it has {value} {what}; at most {ushort.MaxValue} can be written");
}
