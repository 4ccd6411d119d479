namespace Grid;

/// <summary>The versions of the wire protocol that a node can speak; two nodes talk in the newest that both can.</summary>
/// <param name="Oldest">The oldest version, at least 1.</param>
/// <param name="Newest">The newest version, not below <paramref name="Oldest"/>.</param>
public readonly record struct ProtocolRange(int Oldest, int Newest)
{
    /// <summary>What this version of Grid speaks.</summary>
    public static ProtocolRange Current { get; } = new(1, 1);

    /// <summary>The newest version that both ranges hold, or <see langword="null"/> when they do not meet.</summary>
    /// <param name="other">The peer's range.</param>
    public int? Common(ProtocolRange other)
    {
        var newest = Math.Min(Newest, other.Newest);
        return newest >= Math.Max(Oldest, other.Oldest) ? newest : null;
    }
}
