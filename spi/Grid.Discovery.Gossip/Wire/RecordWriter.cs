using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Grid.Discovery.Gossip.Wire;

/// <summary>Writes the primitives of a record, big-endian; texts as UTF-8 with a length of two bytes.</summary>
internal readonly struct RecordWriter()
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public int Length => _buffer.WrittenCount;

    public void WriteByte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(sizeof(int)), value);
        _buffer.Advance(sizeof(int));
    }

    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
    }

    public void WriteUInt128(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128BigEndian(_buffer.GetSpan(16), value);
        _buffer.Advance(16);
    }

    /// <exception cref="FormatException">More than 65,535.</exception>
    public void WriteCount(int count)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.GetSpan(sizeof(ushort)), ToUInt16(count, "elements in one list"));
        _buffer.Advance(sizeof(ushort));
    }

    /// <exception cref="FormatException">More than 65,535 bytes, or not valid Unicode.</exception>
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

    public void WriteUInt64(ulong value) => WriteInt64(unchecked((long)value));

    public void WriteBytes(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    private static ushort ToUInt16(int value, string what) =>
        value <= ushort.MaxValue ? (ushort)value : throw new FormatException($"it has {value} {what}; at most {ushort.MaxValue} can be written");
}
