using System.Buffers.Text;

namespace Grid.Kernel.Gossip.Sampling;

/// <summary>Finds numbers in the texts of <see cref="StatFile"/>.</summary>
internal static class StatText
{
    /// <summary>The number at a position of the text's first line, words counted from 0; null when there is none.</summary>
    public static long? NumberAt(ReadOnlySpan<byte> text, int word)
    {
        var line = text.IndexOf((byte)'\n') is >= 0 and var end ? text[..end] : text;
        for (; ; word--)
        {
            line = line.TrimStart((byte)' ');
            if (line.IsEmpty)
            {
                return null;
            }

            if (word == 0)
            {
                return Utf8Parser.TryParse(line, out long value, out _) ? value : null;
            }

            line = line.IndexOf((byte)' ') is >= 0 and var space ? line[space..] : [];
        }
    }

    /// <summary>The number that follows a key at the beginning of a line; null when there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key with whatever separates it from the number, blanks left out: <c>MemTotal:</c>.</param>
    public static long? NumberOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end >= 0 ? text[..end] : text;
            if (line.StartsWith(key) && line.Length > key.Length && (key[^1] == ':' || line[key.Length] == ' '))
            {
                return NumberAt(line[key.Length..], 0);
            }

            text = end >= 0 ? text[(end + 1)..] : [];
        }

        return null;
    }
}
