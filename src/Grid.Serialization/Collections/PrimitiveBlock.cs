using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Grid.Serialization;

/// <summary>
/// Runs of primitives as blocks: bytes as MessagePack binary, others in an extension whose type tells the element's type; little-endian, copied
/// in one go. The reader also takes a MessagePack array of numbers, as other writers make it.
/// </summary>
internal static class PrimitiveBlock
{
    /// <summary>Whether runs of a type are written as blocks.</summary>
    public static bool Fits(Type type) =>
        type.IsEnum ? Fits(Enum.GetUnderlyingType(type)) : type.IsPrimitive && type != typeof(IntPtr) && type != typeof(UIntPtr);

    public static void Write<T>(ref PayloadWriter writer, ReadOnlySpan<T> values)
        where T : struct
    {
        writer.CheckLength(values.Length);
        var bytes = MemoryMarshal.AsBytes(values);
        if (typeof(T) == typeof(byte))
        {
            writer.WriteBinary(bytes);
            return;
        }

        if (values.Length > int.MaxValue / Unsafe.SizeOf<T>())
        {
            throw new ShipmentRefusal(null, typeof(T[]), $"{values.Length} elements take more than 2 GiB");
        }

        writer.WriteExtensionHeader(Code<T>(), values.Length * Unsafe.SizeOf<T>());
        if (BitConverter.IsLittleEndian || Unsafe.SizeOf<T>() == 1)
        {
            writer.WriteRaw(bytes);
            return;
        }

        var copy = values.ToArray();
        Reverse(copy);
        writer.WriteRaw(MemoryMarshal.AsBytes<T>(copy));
    }

    public static T[] ReadArray<T>(ref PayloadReader reader)
        where T : struct
    {
        if (TryReadBytes<T>(ref reader, out var bytes))
        {
            var values = GC.AllocateUninitializedArray<T>(bytes.Length / Unsafe.SizeOf<T>());
            Copy(ref reader, bytes, values);
            return values;
        }

        var slow = new T[reader.ReadArrayHeader()];
        for (var i = 0; i < slow.Length; i++)
        {
            slow[i] = Formatters<T>.Instance.Read(ref reader);
        }

        return slow;
    }

    /// <summary>Reads into a run of the right length.</summary>
    public static void ReadInto<T>(ref PayloadReader reader, Span<T> target)
        where T : struct
    {
        if (!TryReadBytes<T>(ref reader, out var bytes) || bytes.Length != target.Length * Unsafe.SizeOf<T>())
        {
            Malformed.Content(reader.Position, $"a block of {target.Length} elements was expected.");
        }

        Copy(ref reader, bytes, target);
    }

    /// <summary>Takes the bytes of a block; <see langword="false"/>, and nothing is taken, when an array comes instead.</summary>
    public static bool TryReadBytes<T>(ref PayloadReader reader, out ReadOnlySpan<byte> bytes)
        where T : struct
    {
        bytes = default;
        var code = reader.Peek();
        if (code is (>= MessagePackCode.FixArray and < MessagePackCode.FixString) or MessagePackCode.Array16 or MessagePackCode.Array32)
        {
            return false;
        }

        bytes = typeof(T) == typeof(byte) && reader.PeekExtension() is null ? reader.ReadBinary() : reader.ReadExtensionOf(Code<T>());
        if (bytes.Length % Unsafe.SizeOf<T>() != 0)
        {
            Malformed.Content(reader.Position, "a block holds a part of an element.");
        }

        reader.CheckCount(bytes.Length / Unsafe.SizeOf<T>(), 0);
        return true;
    }

    public static void Copy<T>(ref PayloadReader reader, scoped ReadOnlySpan<byte> bytes, Span<T> target)
        where T : struct
    {
        // Any other byte in a bool would break the program's logic in places that have been compiled to rely on 0 and 1.
        if (typeof(T) == typeof(bool) && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            Malformed.Content(reader.Position, "a block of booleans holds something other than 0 and 1.");
        }

        bytes.CopyTo(MemoryMarshal.AsBytes(target));
        if (!BitConverter.IsLittleEndian && Unsafe.SizeOf<T>() > 1)
        {
            Reverse(target);
        }
    }

    private static sbyte Code<T>() => (sbyte)(ExtensionCode.FirstBlock + (int)Type.GetTypeCode(typeof(T)));

    private static void Reverse<T>(Span<T> values)
        where T : struct
    {
        var bytes = MemoryMarshal.AsBytes(values);
        switch (Unsafe.SizeOf<T>())
        {
            case 2:
                var two = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                var four = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            default:
                var eight = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
        }
    }
}
