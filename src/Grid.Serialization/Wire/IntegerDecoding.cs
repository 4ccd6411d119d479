using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Grid.Serialization;

/// <summary>All forms of integers, whichever a writer chose; out of line of the reader's fast path.</summary>
internal static class IntegerDecoding
{
    public static long ReadSigned(ref PayloadReader reader, byte code)
    {
        switch (code)
        {
            case MessagePackCode.Int8: return (sbyte)reader.ReadCode();
            case MessagePackCode.Int16: return BinaryPrimitives.ReadInt16BigEndian(reader.Take(2));
            case MessagePackCode.Int32: return BinaryPrimitives.ReadInt32BigEndian(reader.Take(4));
            case MessagePackCode.Int64: return BinaryPrimitives.ReadInt64BigEndian(reader.Take(8));
            default:
                var value = ReadUnsigned(ref reader, code);
                if (value > long.MaxValue)
                {
                    OutOfRange(reader.Position, value, nameof(Int64));
                }

                return (long)value;
        }
    }

    public static ulong ReadUnsigned(ref PayloadReader reader, byte code)
    {
        switch (code)
        {
            case < 128: return code;
            case MessagePackCode.UInt8: return reader.ReadCode();
            case MessagePackCode.UInt16: return BinaryPrimitives.ReadUInt16BigEndian(reader.Take(2));
            case MessagePackCode.UInt32: return BinaryPrimitives.ReadUInt32BigEndian(reader.Take(4));
            case MessagePackCode.UInt64: return BinaryPrimitives.ReadUInt64BigEndian(reader.Take(8));
            case >= MessagePackCode.Int8 and <= MessagePackCode.Int64:
                var value = ReadSigned(ref reader, code);
                if (value < 0)
                {
                    OutOfRange(reader.Position, value, nameof(UInt64));
                }

                return (ulong)value;
            default:
                Malformed.Unexpected(reader.Position - 1, code, "an integer");
                return 0;
        }
    }

    public static long InRange(ref PayloadReader reader, long min, long max)
    {
        var value = reader.ReadInt64();
        if (value < min || value > max)
        {
            Malformed.Content(reader.Position, $"{value} is not between {min} and {max}.");
        }

        return value;
    }

    [DoesNotReturn]
    public static void OutOfRange(int position, object value, string type) => Malformed.Content(position, $"{value} does not fit {type}.");
}
