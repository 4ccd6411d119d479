using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>The compact forms of integers that need more than one byte, out of line of the writer's fast path.</summary>
internal static class IntegerEncoding
{
    public static void WriteLarge(ref PayloadWriter writer, ulong value)
    {
        switch (value)
        {
            case < 128:
                writer.WriteByte((byte)value);
                break;
            case <= byte.MaxValue:
                ref var one = ref writer.Claim(2);
                one = MessagePackCode.UInt8;
                Unsafe.Add(ref one, 1) = (byte)value;
                break;
            case <= ushort.MaxValue:
                ref var two = ref writer.Claim(3);
                two = MessagePackCode.UInt16;
                PayloadWriter.Put(ref two, 1, (ushort)value);
                break;
            case <= uint.MaxValue:
                ref var four = ref writer.Claim(5);
                four = MessagePackCode.UInt32;
                PayloadWriter.Put(ref four, 1, (uint)value);
                break;
            default:
                ref var eight = ref writer.Claim(9);
                eight = MessagePackCode.UInt64;
                PayloadWriter.Put(ref eight, 1, value);
                break;
        }
    }

    public static void WriteNegative(ref PayloadWriter writer, long value)
    {
        switch (value)
        {
            case >= sbyte.MinValue:
                ref var one = ref writer.Claim(2);
                one = MessagePackCode.Int8;
                Unsafe.Add(ref one, 1) = (byte)value;
                break;
            case >= short.MinValue:
                ref var two = ref writer.Claim(3);
                two = MessagePackCode.Int16;
                PayloadWriter.Put(ref two, 1, (ushort)value);
                break;
            case >= int.MinValue:
                ref var four = ref writer.Claim(5);
                four = MessagePackCode.Int32;
                PayloadWriter.Put(ref four, 1, (uint)value);
                break;
            default:
                ref var eight = ref writer.Claim(9);
                eight = MessagePackCode.Int64;
                PayloadWriter.Put(ref eight, 1, (ulong)value);
                break;
        }
    }
}
