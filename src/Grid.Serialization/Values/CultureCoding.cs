using System.Globalization;

namespace Grid.Serialization;

/// <summary>
/// Cultures by name. One whose formats the program has changed would arrive with the formats of its name, so it is refused rather than changed in silence.
/// </summary>
internal static class CultureCoding
{
    public static void Write(ref PayloadWriter writer, CultureInfo value)
    {
        if (!value.IsReadOnly && !IsUnchanged(value))
        {
            throw new ShipmentRefusal(value, $"the formats of culture '{value.Name}' were changed by the program, and only its name would travel");
        }

        writer.WriteString(value.Name);
    }

    public static CultureInfo Read(ref PayloadReader reader) => CultureInfo.GetCultureInfo(reader.ReadString()!);

    private static bool IsUnchanged(CultureInfo culture)
    {
        var named = CultureInfo.GetCultureInfo(culture.Name);
        var numbers = culture.NumberFormat;
        return numbers.NumberDecimalSeparator == named.NumberFormat.NumberDecimalSeparator
            && numbers.NumberGroupSeparator == named.NumberFormat.NumberGroupSeparator
            && numbers.CurrencySymbol == named.NumberFormat.CurrencySymbol
            && numbers.NegativeSign == named.NumberFormat.NegativeSign
            && culture.DateTimeFormat.ShortDatePattern == named.DateTimeFormat.ShortDatePattern
            && culture.DateTimeFormat.LongTimePattern == named.DateTimeFormat.LongTimePattern;
    }
}
