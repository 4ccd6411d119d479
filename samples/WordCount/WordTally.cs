namespace Grid.Samples.WordCount;

/// <summary>Counts words: maximal runs of ASCII letters, lower-cased. This is what runs on the nodes.</summary>
internal static class WordTally
{
    /// <summary>Counts the words of a chunk on the node that this is called on.</summary>
    public static ChunkCount CountHere(byte[] chunk) => new(JobContext.Current!.Node.Name, chunk.Length, Count(chunk));

    public static Dictionary<string, int> Count(ReadOnlySpan<byte> text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var bySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        var word = new char[64];
        var length = 0;
        foreach (var symbol in text)
        {
            var letter = (char)(symbol | 0x20);
            if (letter is >= 'a' and <= 'z')
            {
                if (length == word.Length)
                {
                    Array.Resize(ref word, length * 2);
                }

                word[length++] = letter;
            }
            else if (length > 0)
            {
                AddOne(bySpan, word.AsSpan(0, length));
                length = 0;
            }
        }

        if (length > 0)
        {
            AddOne(bySpan, word.AsSpan(0, length));
        }

        return counts;
    }

    /// <summary>Adds the counts of a chunk to a total.</summary>
    public static void Add(Dictionary<string, long> total, Dictionary<string, int> counts)
    {
        foreach (var (word, count) in counts)
        {
            total[word] = total.GetValueOrDefault(word) + count;
        }
    }

    private static void AddOne(Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> counts, ReadOnlySpan<char> word)
    {
        counts.TryGetValue(word, out var count);
        counts[word] = count + 1;
    }
}
