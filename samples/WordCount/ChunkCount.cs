namespace Grid.Samples.WordCount;

/// <summary>What a node sends back for a chunk.</summary>
internal sealed record ChunkCount(string Node, int Bytes, Dictionary<string, int> Counts);
