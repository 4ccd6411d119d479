using System.Buffers;
using System.Globalization;
using System.Text;

namespace Grid.Discovery.ZooKeeper.Records;

/// <summary>
/// Free text as the name of one znode and back: UTF-8 with percent escapes (RFC 3986) for everything that is not a letter or digit of ASCII or one of
/// <c>- _ . : [ ] @</c>. A name that is only dots would be a path step, so its first dot is escaped too. Each text has exactly one name.
/// </summary>
internal static class ZNodeName
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:[]@"u8);
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Makes the name.</summary>
    /// <exception cref="FormatException">The text is empty or not valid Unicode.</exception>
    public static string Escape(string text)
    {
        var bytes = GetBytes(text);
        var name = new StringBuilder(bytes.Length);
        var isOnlyDots = text is "." or "..";
        for (var i = 0; i < bytes.Length; i++)
        {
            if (Plain.Contains(bytes[i]) && !(isOnlyDots && i == 0))
            {
                name.Append((char)bytes[i]);
            }
            else
            {
                name.Append(CultureInfo.InvariantCulture, $"%{bytes[i]:X2}");
            }
        }

        return name.ToString();
    }

    /// <summary>Reads a name that <see cref="Escape"/> made.</summary>
    /// <returns>The text, or <see langword="null"/> when no text has this name.</returns>
    public static string? Unescape(string name)
    {
        var bytes = new byte[name.Length];
        var count = 0;
        for (var i = 0; i < name.Length; i++, count++)
        {
            if (name[i] != '%')
            {
                bytes[count] = name[i] < 128 ? (byte)name[i] : (byte)'%';
                continue;
            }

            if (i + 2 >= name.Length || !byte.TryParse(name.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[count]))
            {
                return null;
            }

            i += 2;
        }

        var text = TryGetText(bytes.AsSpan(0, count));
        return text is { Length: > 0 } && Escape(text) == name ? text : null;
    }

    private static byte[] GetBytes(string text)
    {
        if (text.Length == 0)
        {
            throw new FormatException("An empty text cannot be the name of a znode.");
        }

        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new FormatException("The text is not valid Unicode: it has half of a surrogate pair.", exception);
        }
    }

    private static string? TryGetText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
