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
        }
        else if (value.Length <= 10)
        {
            WriteShort(ref writer, value);
        }
        else
        {
            WriteLong(ref writer, value);
        }
    }

    private static void WriteShort(ref PayloadWriter writer, string value)
    {
        // Ten UTF-16 units are at most 30 bytes of UTF-8, so the one-byte header is right whatever the text.
        var target = writer.Reserve(31);
        if (Utf8.FromUtf16(value, target[1..], out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            WriteUtf16(ref writer, value);
            return;
        }

        target[0] = (byte)(MessagePackCode.FixString | written);
        writer.Advance(written + 1);
    }

    private static void WriteLong(ref PayloadWriter writer, string value)
    {
        if (value.Length > writer.State.Options.StringLengthMax)
        {
            throw new ShipmentRefusal(
                typeof(string), $"a string of {value.Length} characters is longer than SerializerOptions.StringLengthMax ({writer.State.Options.StringLengthMax})");
        }

        // Guess that the text is ASCII, so that the header's size is known; move the text if it is not.
        var header = HeaderBytes(value.Length);
        var bytes = value.Length > ExactAbove ? Encoding.UTF8.GetByteCount(value) : value.Length * 3;
        var target = writer.Reserve(bytes + 5);
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
