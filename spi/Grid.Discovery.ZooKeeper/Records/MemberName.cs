using System.Globalization;

namespace Grid.Discovery.ZooKeeper.Records;

/// <summary>
/// The name of a child of <c>members</c>: which node, which of its memberships, which revision of its record. A znode is never written twice; a new
/// record is a new name. So the list of names alone tells what there is to read.
/// </summary>
/// <remarks>
/// The first record of a process is named after the node id alone, all others <c>nodeId.incarnation.revision</c>. Each name
/// has one form, so that equal names and equal records are the same thing.
/// </remarks>
/// <param name="Key">The node and its membership.</param>
/// <param name="Revision">0 for the record of the first attempt to register the membership, one more for each further attempt or update.</param>
internal readonly record struct MemberName(NodeKey Key, int Revision)
{
    private const int NodeIdChars = 32;

    public static MemberName First(NodeKey key) => new(key, 0);

    /// <summary>Reads a name.</summary>
    /// <returns>Whether the text is the one form of a name.</returns>
    public static bool TryParse(string text, out MemberName name)
    {
        name = default;
        if (text.Length < NodeIdChars || !NodeId.TryParse(text.Length == NodeIdChars ? text : text[..NodeIdChars], out var id))
        {
            return false;
        }

        name = new MemberName(new NodeKey(id, 1), 0);
        return text.Length == NodeIdChars
            ? !text.AsSpan().ContainsAnyInRange('A', 'F') // What nearly all names are, thousands of them at once: not written to compare.
            : TryParseSuffix(text.AsSpan(NodeIdChars), id, out name) && name.ToString() == text;
    }

    public MemberName Next() => this with { Revision = checked(Revision + 1) };

    public override string ToString() => this is { Key.Incarnation: 1, Revision: 0 }
        ? Key.Id.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{Key.Id}.{Key.Incarnation}.{Revision}");

    private static bool TryParseSuffix(ReadOnlySpan<char> suffix, NodeId id, out MemberName name)
    {
        name = default;
        var dot = suffix[1..].IndexOf('.') + 1;
        if (suffix[0] != '.' || dot == 0
            || !long.TryParse(suffix[1..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var incarnation)
            || !int.TryParse(suffix[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            || incarnation < 1)
        {
            return false;
        }

        name = new MemberName(new NodeKey(id, incarnation), revision);
        return true;
    }
}
