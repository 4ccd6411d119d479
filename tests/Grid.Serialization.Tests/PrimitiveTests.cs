using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Grid.Serialization.Tests;

public class PrimitiveTests
{
    public static TheoryData<object> Values =>
    [
        true, false, 'x', '\ud800', sbyte.MinValue, (byte)255, short.MinValue, ushort.MaxValue, int.MinValue, int.MaxValue, uint.MaxValue, long.MinValue, long.MaxValue,
        ulong.MaxValue, 0L, -1L, -32L, -33L, 127L, 128L, 255L, 256L, -128L, -129L, 65535L, 65536L, -32768L, -32769L, 4294967295L, 4294967296L,
        1.5f, float.NaN, double.Epsilon, double.NegativeInfinity, Math.PI, (Half)0.5, Half.NaN, 1.10m, decimal.MinValue, -0.000m,
        Int128.MinValue, UInt128.MaxValue, BigInteger.Pow(-7, 500), BigInteger.Zero, new Complex(1, -2), new Rune('ä'), ^3, 2..^1,
        Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), new DateOnly(2026, 2, 28), new TimeOnly(23, 59, 59, 999), TimeSpan.MinValue,
        new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), DateTime.MinValue, DateTime.MaxValue, new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Local), new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(-210)),
        DayOfWeek.Friday, ConsoleColor.Red, string.Empty, "text", new string('ü', 5000), "a lone surrogate: \ud83d.", new string('y', 300),
        new Version(1, 2, 3), new Uri("https://example.org/a?b#c"), new Uri("relative/path", UriKind.Relative), CultureInfo.GetCultureInfo("de-CH"),
        CultureInfo.InvariantCulture, StringComparer.OrdinalIgnoreCase, StringComparer.InvariantCulture, typeof(List<int>), typeof(Dictionary<,>), typeof(PrimitiveTests),
        typeof(int[,]), DBNull.Value,
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_of_any_basic_type_comes_back_where_the_static_type_is_object(object value)
    {
        var copy = Payload.RoundTrip(value);

        Assert.Equal(value.GetType(), copy.GetType());
        Assert.Equal(value, copy);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_of_any_basic_type_comes_back_where_the_static_type_is_its_own(object value)
    {
        var method = typeof(Payload).GetMethod(nameof(Payload.RoundTrip))!.MakeGenericMethod(value.GetType());

        Assert.Equal(value, method.Invoke(null, [value]));
    }

    [Fact]
    public void The_kind_of_a_date_is_kept()
    {
        foreach (var kind in Enum.GetValues<DateTimeKind>())
        {
            Assert.Equal(kind, Payload.RoundTrip(new DateTime(2026, 5, 6, 7, 8, 9, kind)).Kind);
        }
    }

    [Fact]
    public void The_bits_of_special_numbers_are_kept()
    {
        var half = BitConverter.UInt16BitsToHalf(0x7e01);
        var minusZero = new decimal(0, 0, 0, isNegative: true, scale: 3);

        Assert.Equal(0x7e01, BitConverter.HalfToUInt16Bits(Payload.RoundTrip(half)));
        Assert.Equal(decimal.GetBits(minusZero), decimal.GetBits(Payload.RoundTrip(minusZero)));
        Assert.Equal(1L << 63, BitConverter.DoubleToInt64Bits(Payload.RoundTrip(-0.0)));
    }

    [Fact]
    public void A_regex_matches_as_before()
    {
        var copy = Payload.RoundTrip(new Regex("^(A+)b$", RegexOptions.IgnoreCase | RegexOptions.Multiline, TimeSpan.FromSeconds(3)));

        Assert.Equal("AA", copy.Match("x\naab".ToUpperInvariant().Replace('B', 'b')).Groups[1].Value);
        Assert.Equal(TimeSpan.FromSeconds(3), copy.MatchTimeout);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    [InlineData("us-ascii")]
    [InlineData("iso-8859-1")]
    public void An_encoding_encodes_as_before(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var copy = Payload.RoundTrip(encoding);

        Assert.Equal(encoding.GetBytes("häß"), copy.GetBytes("häß"));
        Assert.Equal(encoding.GetPreamble(), copy.GetPreamble());
    }

    [Fact]
    public void A_strict_encoding_stays_strict() =>
        Assert.Throws<DecoderFallbackException>(() => Payload.RoundTrip<Encoding>(new UTF8Encoding(false, true)).GetString([0xff]));

    [Fact]
    public void A_string_builder_and_bits_come_back()
    {
        var bits = new BitArray([true, false, true, true, false, false, false, true, true]);

        Assert.Equal("abc", Payload.RoundTrip(new StringBuilder("abc")).ToString());
        Assert.Equal(bits.Cast<bool>(), Payload.RoundTrip(bits).Cast<bool>());
    }

    [Fact]
    public void A_method_comes_back_whether_of_the_framework_or_of_the_program()
    {
        System.Reflection.MethodInfo[] methods =
        [
            typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!,
            typeof(List<int>).GetMethod(nameof(List<>.ConvertAll))!.MakeGenericMethod(typeof(string)),
            typeof(Enumerable).GetMethods().Single(m => m.Name == nameof(Enumerable.Select) && m.GetParameters()[1].ParameterType.GetGenericArguments().Length == 3).MakeGenericMethod(typeof(int), typeof(string)),
            ((Action)A_string_builder_and_bits_come_back).Method,
            typeof(Generic<string>).GetMethod(nameof(Generic<>.Pick))!.MakeGenericMethod(typeof(int)),
        ];

        Assert.Equal(methods, Payload.RoundTrip(methods));
    }

    [Fact]
    public void A_culture_whose_formats_were_changed_is_refused()
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo("en-US").Clone();
        Assert.Equal(culture, Payload.RoundTrip(culture));
        culture.NumberFormat.NumberDecimalSeparator = "!";

        Assert.Contains("formats", Payload.Refusal(culture).Message, StringComparison.Ordinal);
    }

    private static class Generic<T>
    {
        public static (T?, TOther?) Pick<TOther>(TOther? other) => (default, other);
    }
}
