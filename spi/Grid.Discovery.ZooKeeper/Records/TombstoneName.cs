using System.Globalization;

namespace Grid.Discovery.ZooKeeper.Records;

/// <summary>The name of a child of <c>left</c>: <c>nodeId.incarnation</c>, a membership that ended on purpose.</summary>
internal static class TombstoneName
{
    public static string Of(NodeKey key) => string.Create(CultureInfo.InvariantCulture, $"{key.Id}.{key.Incarnation}");

    /// <summary>Reads a name.</summary>
    /// <returns>The membership, or <see langword="null"/> when the text is not the one form of a name.</returns>
    public static NodeKey? TryParse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && NodeId.TryParse(text[..dot], out var id)
            && long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var incarnation)
            && incarnation >= 1 && Of(new NodeKey(id, incarnation)) == text
            ? new NodeKey(id, incarnation)
            : null;
    }
}
