using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Grid.Serialization;

/// <summary>MessagePack strings are UTF-8; a string with a lone surrogate, which UTF-8 cannot hold, goes as UTF-16 in an extension.</summary>
internal static class StringEncoding
{
    private const int ExactAbove = 1024;

    public static void Write(ref PayloadWriter writer, string? value)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        if (value.Length > writer.State.Options.StringLengthMax)
        {
            throw new ShipmentRefusal(
                value, $"a string of {value.Length} characters is longer than SerializerOptions.StringLengthMax ({writer.State.Options.StringLengthMax})");
        }

        // ASCII is the usual case, and then the header's size is known; one pass of the vectorised narrowing finds out.
        var target = writer.Reserve(value.Length + 5);
        var header = HeaderBytes(value.Length);
        if (Ascii.FromUtf16(value, target[header..], out _) == OperationStatus.Done)
        {
            WriteHeader(ref writer, value.Length);
            writer.Advance(value.Length);
        }
        else
        {
            WriteUnicode(ref writer, value);
        }
    }

    private static void WriteUnicode(ref PayloadWriter writer, string value)
    {
        var bytes = value.Length > ExactAbove ? Encoding.UTF8.GetByteCount(value) : value.Length * 3;
        var target = writer.Reserve(bytes + 5);
        var header = HeaderBytes(bytes);
        if (Utf8.FromUtf16(value, target[header..], out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            WriteUtf16(ref writer, value);
            return;
        }

        var needed = HeaderBytes(written);
        if (needed != header)
        {
            target.Slice(header, written).CopyTo(target[needed..]);
        }

        WriteHeader(ref writer, written);
        writer.Advance(written);
    }

    private static int HeaderBytes(int length) => length < 32 ? 1 : length < 256 ? 2 : length <= ushort.MaxValue ? 3 : 5;

    private static void WriteHeader(ref PayloadWriter writer, int length)
    {
        if (length < 32)
        {
            writer.WriteByte((byte)(MessagePackCode.FixString | length));
        }
        else
        {
            writer.WriteSized(MessagePackCode.String8, length);
        }
    }

    private static void WriteUtf16(ref PayloadWriter writer, string value)
    {
        writer.WriteExtensionHeader(ExtensionCode.Utf16String, checked(value.Length * 2));
        foreach (var unit in value)
        {
            ref var target = ref writer.Claim(2);
            target = (byte)unit;
            Unsafe.Add(ref target, 1) = (byte)(unit >> 8);
        }
    }
}
