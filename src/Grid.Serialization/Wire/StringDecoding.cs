using System.Buffers.Binary;
using System.Text;

namespace Grid.Serialization;

/// <summary>Strings as <see cref="StringEncoding"/> and other MessagePack writers leave them. Bytes that are not UTF-8 are refused, not replaced.</summary>
internal static class StringDecoding
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string? Read(ref PayloadReader reader)
    {
        var code = reader.ReadCode();
        if (code == MessagePackCode.Nil)
        {
            return null;
        }

        if ((code & 0xe0) == MessagePackCode.FixString)
        {
            return Decode(ref reader, code & 31);
        }

        switch (code)
        {
            case MessagePackCode.String8: return Decode(ref reader, reader.ReadCode());
            case MessagePackCode.String16: return Decode(ref reader, BinaryPrimitives.ReadUInt16BigEndian(reader.Take(2)));
            case MessagePackCode.String32: return Decode(ref reader, BinaryPrimitives.ReadUInt32BigEndian(reader.Take(4)));
            default: return ReadUtf16(ref reader, code);
        }
    }

    private static string Decode(ref PayloadReader reader, long length)
    {
        if (length > reader.Left)
        {
            Malformed.Truncated(reader.Position, length, reader.Left);
        }

        var bytes = reader.Take((int)length);
        if (bytes.Length > reader.State.Options.StringLengthMax)
        {
            CheckCharacters(ref reader, bytes);
        }

        // The usual case in one pass into the string itself; UTF8Encoding would count the characters first.
        return Ascii.IsValid(bytes)
            ? string.Create(bytes.Length, bytes, static (target, source) => Ascii.ToUtf16(source, target, out _))
            : DecodeUnicode(ref reader, bytes);
    }

    private static string DecodeUnicode(ref PayloadReader reader, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new MalformedPayloadException($"The string that ends at byte {reader.Position} is not UTF-8.", e);
        }
    }

    private static void CheckCharacters(ref PayloadReader reader, ReadOnlySpan<byte> bytes)
    {
        var count = Encoding.UTF8.GetCharCount(bytes);
        if (count > reader.State.Options.StringLengthMax)
        {
            Malformed.Limit(reader.Position, "a string length", count, nameof(SerializerOptions.StringLengthMax), reader.State.Options.StringLengthMax);
        }
    }

    private static string ReadUtf16(ref PayloadReader reader, byte code)
    {
        reader.Unread();
        if (reader.PeekExtension() != ExtensionCode.Utf16String)
        {
            Malformed.Unexpected(reader.Position, code, "a string");
        }

        var bytes = reader.ReadExtensionOf(ExtensionCode.Utf16String);
        var length = bytes.Length / 2;
        if ((bytes.Length & 1) != 0 || length > reader.State.Options.StringLengthMax)
        {
            Malformed.Limit(reader.Position, "a string length", length, nameof(SerializerOptions.StringLengthMax), reader.State.Options.StringLengthMax);
        }

        return string.Create(length, bytes, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(source[(i * 2)..]);
            }
        });
    }
}
