using System.Text;

namespace Grid.Serialization;

/// <summary>Text encodings by name, with the two choices that the name leaves open.</summary>
internal static class EncodingCoding
{
    public static void Write(ref PayloadWriter writer, Encoding value)
    {
        writer.WriteArrayHeader(3);
        writer.WriteString(value.WebName);
        writer.WriteBoolean(value.Preamble.Length > 0);
        writer.WriteBoolean(value.DecoderFallback is DecoderExceptionFallback);
    }

    public static Encoding Read(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(3);
        var name = reader.ReadString()!;
        var hasPreamble = reader.ReadBoolean();
        var isStrict = reader.ReadBoolean();
        return name switch
        {
            "utf-8" => new UTF8Encoding(hasPreamble, isStrict),
            "utf-16" => new UnicodeEncoding(bigEndian: false, hasPreamble, isStrict),
            "utf-16BE" => new UnicodeEncoding(bigEndian: true, hasPreamble, isStrict),
            "utf-32" => new UTF32Encoding(bigEndian: false, hasPreamble, isStrict),
            "utf-32BE" => new UTF32Encoding(bigEndian: true, hasPreamble, isStrict),
            _ when isStrict => Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
            _ => Encoding.GetEncoding(name),
        };
    }
}
