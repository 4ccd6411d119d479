namespace Grid.Collision.Lines;

/// <summary>Where a job stands: the lower rank goes first, and among equals the one that came first.</summary>
internal readonly record struct LineKey(long Rank, long Sequence) : IComparable<LineKey>
{
    public int CompareTo(LineKey other) => Rank != other.Rank ? Rank.CompareTo(other.Rank) : Sequence.CompareTo(other.Sequence);
}
