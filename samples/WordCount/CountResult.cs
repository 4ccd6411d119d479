namespace Grid.Samples.WordCount;

/// <summary>All that the run found out.</summary>
internal sealed class CountResult
{
    public Dictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, NodeShare> Nodes { get; } = new(StringComparer.Ordinal);

    public long Bytes => Nodes.Values.Sum(share => share.Bytes);

    public long Words => Nodes.Values.Sum(share => share.Words);

    public IEnumerable<KeyValuePair<string, long>> Top(int words) =>
        Counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(words);

    public void Add(ChunkCount chunk)
    {
        WordTally.Add(Counts, chunk.Counts);
        Nodes[chunk.Node] = Nodes.GetValueOrDefault(chunk.Node).With(chunk);
    }

    /// <summary>Writes lines of word, tab, count in the order of the words' bytes.</summary>
    public void Save(FileInfo file)
    {
        file.Directory?.Create();
        using var writer = file.CreateText();
        foreach (var (word, count) in Counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.Write($"{word}\t{count}\n");
        }
    }
}
