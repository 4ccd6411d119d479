using System.Globalization;

namespace Grid.Serialization;

/// <summary>String comparers: ordinal ones as a boolean (whether case is ignored), others as culture and options.</summary>
internal static class StringComparerCoding
{
    public static void Write(ref PayloadWriter writer, StringComparer value)
    {
        if (StringComparer.IsWellKnownOrdinalComparer(value, out var ignoresCase))
        {
            writer.WriteBoolean(ignoresCase);
        }
        else if (StringComparer.IsWellKnownCultureAwareComparer(value, out var compareInfo, out var options))
        {
            writer.WriteArrayHeader(2);
            writer.WriteString(compareInfo.Name);
            writer.WriteInt32((int)options);
        }
        else
        {
            throw new ShipmentRefusal(value, "it is not a comparer that .NET describes; use one of StringComparer's own");
        }
    }

    public static StringComparer Read(ref PayloadReader reader)
    {
        if (reader.Peek() is MessagePackCode.True or MessagePackCode.False)
        {
            return reader.ReadBoolean() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        }

        reader.ReadArrayHeaderOf(2);
        var culture = CultureInfo.GetCultureInfo(reader.ReadString()!);
        var options = (CompareOptions)reader.ReadInt32();
        return (culture.Name.Length, options) switch
        {
            (0, CompareOptions.None) => StringComparer.InvariantCulture,
            (0, CompareOptions.IgnoreCase) => StringComparer.InvariantCultureIgnoreCase,
            _ => StringComparer.Create(culture, options),
        };
    }
}
