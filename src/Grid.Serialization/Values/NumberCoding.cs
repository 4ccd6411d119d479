using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Grid.Serialization;

/// <summary>Numbers that MessagePack has no type of its own for.</summary>
internal static class NumberCoding
{
    public static void Register(Dictionary<Type, Func<Formatter>> known)
    {
        known.Add(typeof(bool), static () => new ValueFormatter<bool>(static (ref w, v) => w.WriteBoolean(v), static (ref r) => r.ReadBoolean()));
        known.Add(typeof(char), static () => new ValueFormatter<char>(static (ref w, v) => w.WriteChar(v), static (ref r) => r.ReadChar()));
        known.Add(typeof(sbyte), static () => new ValueFormatter<sbyte>(static (ref w, v) => w.WriteSByte(v), static (ref r) => r.ReadSByte()));
        known.Add(typeof(byte), static () => new ValueFormatter<byte>(static (ref w, v) => w.WriteByteValue(v), static (ref r) => r.ReadByteValue()));
        known.Add(typeof(short), static () => new ValueFormatter<short>(static (ref w, v) => w.WriteInt16(v), static (ref r) => r.ReadInt16()));
        known.Add(typeof(ushort), static () => new ValueFormatter<ushort>(static (ref w, v) => w.WriteUInt16(v), static (ref r) => r.ReadUInt16()));
        known.Add(typeof(int), static () => new ValueFormatter<int>(static (ref w, v) => w.WriteInt32(v), static (ref r) => r.ReadInt32()));
        known.Add(typeof(uint), static () => new ValueFormatter<uint>(static (ref w, v) => w.WriteUInt32(v), static (ref r) => r.ReadUInt32()));
        known.Add(typeof(long), static () => new ValueFormatter<long>(static (ref w, v) => w.WriteInt64(v), static (ref r) => r.ReadInt64()));
        known.Add(typeof(ulong), static () => new ValueFormatter<ulong>(static (ref w, v) => w.WriteUInt64(v), static (ref r) => r.ReadUInt64()));
        known.Add(typeof(float), static () => new ValueFormatter<float>(static (ref w, v) => w.WriteSingle(v), static (ref r) => r.ReadSingle()));
        known.Add(typeof(double), static () => new ValueFormatter<double>(static (ref w, v) => w.WriteDouble(v), static (ref r) => r.ReadDouble()));
        known.Add(typeof(Half), static () => new ValueFormatter<Half>(WriteHalf, ReadHalf));
        known.Add(typeof(decimal), static () => new ValueFormatter<decimal>(WriteDecimal, ReadDecimal));
        known.Add(typeof(Int128), static () => new ValueFormatter<Int128>(static (ref w, v) => WriteWide(ref w, (UInt128)v), static (ref r) => (Int128)ReadWide(ref r)));
        known.Add(typeof(UInt128), static () => new ValueFormatter<UInt128>(WriteWide, ReadWide));
        known.Add(typeof(BigInteger), static () => new ValueFormatter<BigInteger>(WriteBig, static (ref r) => new BigInteger(r.ReadBinary())));
        known.Add(typeof(Complex), static () => new ValueFormatter<Complex>(WriteComplex, ReadComplex));
        known.Add(typeof(Rune), static () => new ValueFormatter<Rune>(static (ref w, v) => w.WriteInt32(v.Value), static (ref r) => new Rune(r.ReadInt32())));
        known.Add(typeof(Index), static () => new ValueFormatter<Index>(static (ref w, v) => WriteIndex(ref w, v), static (ref r) => ReadIndex(ref r)));
        known.Add(typeof(Range), static () => new ValueFormatter<Range>(WriteRange, ReadRange));
        known.Add(typeof(Guid), static () => new ValueFormatter<Guid>(WriteGuid, static (ref r) => new Guid(r.ReadBinaryOf(16), bigEndian: true)));
    }

    /// <summary>In 16 bits of an integer: a float of MessagePack would lose the payload of a NaN.</summary>
    private static void WriteHalf(ref PayloadWriter writer, Half value) => writer.WriteUInt16(BitConverter.HalfToUInt16Bits(value));

    private static Half ReadHalf(ref PayloadReader reader) => BitConverter.UInt16BitsToHalf(reader.ReadUInt16());

    public static void WriteDecimal(ref PayloadWriter writer, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        Span<byte> bytes = stackalloc byte[16];
        decimal.GetBits(value, parts);
        for (var i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * 4)..], parts[i]);
        }

        writer.WriteBinary(bytes);
    }

    public static decimal ReadDecimal(ref PayloadReader reader)
    {
        var bytes = reader.ReadBinaryOf(16);
        Span<int> parts = stackalloc int[4];
        for (var i = 0; i < 4; i++)
        {
            parts[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * 4)..]);
        }

        return new decimal(parts);
    }

    private static void WriteWide(ref PayloadWriter writer, UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        writer.WriteBinary(bytes);
    }

    private static UInt128 ReadWide(ref PayloadReader reader) => BinaryPrimitives.ReadUInt128LittleEndian(reader.ReadBinaryOf(16));

    private static void WriteBig(ref PayloadWriter writer, BigInteger value)
    {
        var count = value.GetByteCount();
        if (count > 512)
        {
            writer.WriteBinary(value.ToByteArray());
            return;
        }

        Span<byte> bytes = stackalloc byte[count];
        value.TryWriteBytes(bytes, out _);
        writer.WriteBinary(bytes);
    }

    private static void WriteComplex(ref PayloadWriter writer, Complex value)
    {
        writer.WriteArrayHeader(2);
        writer.WriteDouble(value.Real);
        writer.WriteDouble(value.Imaginary);
    }

    private static Complex ReadComplex(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(2);
        var real = reader.ReadDouble();
        return new Complex(real, reader.ReadDouble());
    }

    private static void WriteIndex(ref PayloadWriter writer, Index value) => writer.WriteInt32(value.IsFromEnd ? ~value.Value : value.Value);

    private static Index ReadIndex(ref PayloadReader reader)
    {
        var value = reader.ReadInt32();
        return value < 0 ? new Index(~value, fromEnd: true) : new Index(value);
    }

    private static void WriteRange(ref PayloadWriter writer, Range value)
    {
        writer.WriteArrayHeader(2);
        WriteIndex(ref writer, value.Start);
        WriteIndex(ref writer, value.End);
    }

    private static Range ReadRange(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(2);
        var start = ReadIndex(ref reader);
        return new Range(start, ReadIndex(ref reader));
    }

    private static void WriteGuid(ref PayloadWriter writer, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        writer.WriteBinary(bytes);
    }
}
