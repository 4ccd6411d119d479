using System.Buffers.Binary;

namespace Grid.Serialization;

/// <summary>
/// Dates and times. A UTC time is a MessagePack timestamp; a local time keeps its instant, as <see cref="DateTime.ToBinary"/> does, and reads
/// another clock in another zone; an unspecified one keeps its clock reading.
/// </summary>
internal static class TimeCoding
{
    private const long TicksPerSecond = TimeSpan.TicksPerSecond;

    public static void Register(Dictionary<Type, Func<Formatter>> known)
    {
        known.Add(typeof(DateTime), static () => new ValueFormatter<DateTime>(WriteDateTime, ReadDateTime));
        known.Add(typeof(DateTimeOffset), static () => new ValueFormatter<DateTimeOffset>(WriteOffset, ReadOffset));
        known.Add(typeof(DateOnly), static () => new ValueFormatter<DateOnly>(static (ref w, v) => w.WriteInt32(v.DayNumber), static (ref r) => DateOnly.FromDayNumber(r.ReadInt32())));
        known.Add(typeof(TimeOnly), static () => new ValueFormatter<TimeOnly>(static (ref w, v) => w.WriteInt64(v.Ticks), static (ref r) => new TimeOnly(r.ReadInt64())));
        known.Add(typeof(TimeSpan), static () => new ValueFormatter<TimeSpan>(static (ref w, v) => w.WriteInt64(v.Ticks), static (ref r) => new TimeSpan(r.ReadInt64())));
    }

    public static void WriteDateTime(ref PayloadWriter writer, DateTime value)
    {
        if (value.Kind == DateTimeKind.Utc)
        {
            WriteTimestamp(ref writer, value);
            return;
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value.ToBinary());
        writer.WriteExtension(ExtensionCode.LocalTime, bytes);
    }

    public static DateTime ReadDateTime(ref PayloadReader reader)
    {
        if (reader.PeekExtension() == ExtensionCode.Timestamp)
        {
            return ReadTimestamp(ref reader);
        }

        var bytes = reader.ReadExtensionOf(ExtensionCode.LocalTime);
        if (bytes.Length != 8)
        {
            Malformed.Content(reader.Position, "a date and time is not 8 bytes long.");
        }

        return DateTime.FromBinary(BinaryPrimitives.ReadInt64LittleEndian(bytes));
    }

    private static void WriteOffset(ref PayloadWriter writer, DateTimeOffset value)
    {
        writer.WriteArrayHeader(2);
        WriteTimestamp(ref writer, value.UtcDateTime);
        writer.WriteInt32(value.TotalOffsetMinutes);
    }

    private static DateTimeOffset ReadOffset(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(2);
        var utc = ReadTimestamp(ref reader);
        return new DateTimeOffset(utc).ToOffset(TimeSpan.FromMinutes(reader.ReadInt32()));
    }

    /// <summary>The shortest of the three forms of the specification.</summary>
    private static void WriteTimestamp(ref PayloadWriter writer, DateTime utc)
    {
        var ticks = utc.Ticks - DateTime.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TicksPerSecond, out var rest);
        if (rest < 0)
        {
            seconds--;
            rest += TicksPerSecond;
        }

        var nanoseconds = (uint)(rest * TimeSpan.NanosecondsPerTick);
        var target = writer.Reserve(15);
        if ((ulong)seconds >> 34 != 0)
        {
            target[0] = MessagePackCode.Ext8;
            target[1] = 12;
            target[2] = unchecked((byte)ExtensionCode.Timestamp);
            BinaryPrimitives.WriteUInt32BigEndian(target[3..], nanoseconds);
            BinaryPrimitives.WriteInt64BigEndian(target[7..], seconds);
            writer.Advance(15);
            return;
        }

        var isShort = nanoseconds == 0 && seconds <= uint.MaxValue;
        target[0] = isShort ? MessagePackCode.FixExt4 : MessagePackCode.FixExt8;
        target[1] = unchecked((byte)ExtensionCode.Timestamp);
        if (isShort)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target[2..], (uint)seconds);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(target[2..], ((ulong)nanoseconds << 34) | (ulong)seconds);
        }

        writer.Advance(isShort ? 6 : 10);
    }

    private static DateTime ReadTimestamp(ref PayloadReader reader)
    {
        var bytes = reader.ReadExtensionOf(ExtensionCode.Timestamp);
        long seconds = 0;
        uint nanoseconds = 0;
        switch (bytes.Length)
        {
            case 4:
                seconds = BinaryPrimitives.ReadUInt32BigEndian(bytes);
                break;
            case 8:
                var both = BinaryPrimitives.ReadUInt64BigEndian(bytes);
                seconds = (long)(both & 0x3_ffff_ffff);
                nanoseconds = (uint)(both >> 34);
                break;
            case 12:
                nanoseconds = BinaryPrimitives.ReadUInt32BigEndian(bytes);
                seconds = BinaryPrimitives.ReadInt64BigEndian(bytes[4..]);
                break;
            default:
                Malformed.Content(reader.Position, "a timestamp is not 4, 8 or 12 bytes long.");
                break;
        }

        if (nanoseconds >= 1_000_000_000 || seconds < -62_135_596_800 || seconds > 253_402_300_799)
        {
            Malformed.Content(reader.Position, "a timestamp is not between the years 1 and 9999.");
        }

        return DateTime.UnixEpoch.AddTicks((seconds * TicksPerSecond) + (nanoseconds / TimeSpan.NanosecondsPerTick));
    }
}
