namespace Grid.Samples.WordCount;

/// <summary>What one node did.</summary>
internal readonly record struct NodeShare(int Chunks, long Bytes, long Words)
{
    public NodeShare With(ChunkCount count) => new(Chunks + 1, Bytes + count.Bytes, Words + count.Counts.Values.Sum(words => (long)words));
}
