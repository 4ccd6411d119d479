using System.Collections.Immutable;
using Grid.Discovery.ZooKeeper.Records;
using Grid.ZooKeeper;

namespace Grid.Discovery.ZooKeeper.View;

/// <summary>
/// What the node knows of the children of <c>members</c>: records by name, read once, because a znode there is never written twice. Pure. A read of the
/// registry is two calls: <see cref="OnListed"/> says which records are missing, <see cref="OnRead"/> takes them and gives the members.
/// </summary>
internal sealed class MemberTable
{
    private Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private Dictionary<string, Entry> _next = new(StringComparer.Ordinal);
    private List<Entry> _removed = [];
    private int _added; // Since the last list that counted.
    private ImmutableArray<NodeInfo> _members = [];
    private List<string> _missing = [];
    private List<MemberName> _missingNames = [];

    /// <summary>Children that are no usable record now, with the reason; kept so that each is read and reported once.</summary>
    public int QuarantinedCount => _entries.Values.Count(entry => entry.Node is null);

    /// <summary>The names of the usable records.</summary>
    public IEnumerable<string> Names => _entries.Where(entry => entry.Value.Node is not null).Select(entry => entry.Key);

    /// <summary>Compares the list with what is known. Names that are known are not looked into: lists are long and come often.</summary>
    public ListDigest OnListed(IReadOnlyList<string> names)
    {
        _next.Clear();
        _missing = [];
        _missingNames = [];
        var quarantined = new List<string>();
        foreach (var name in names)
        {
            if (_entries.TryGetValue(name, out var entry))
            {
                _next[name] = entry;
            }
            else if (MemberName.TryParse(name, out var parsed))
            {
                _missing.Add(name);
                _missingNames.Add(parsed);
            }
            else
            {
                _next[name] = Entry.Quarantined;
                quarantined.Add($"{Shorten(name)}: its name is not that of a member");
            }
        }

        _removed = [.. _entries.Where(entry => !_next.ContainsKey(entry.Key)).Select(entry => entry.Value)];
        return new ListDigest(_missing, FindGone(), quarantined);
    }

    /// <summary>Takes the records that the list showed as new, in the order in which they were asked for.</summary>
    /// <param name="results">The records.</param>
    /// <param name="mayListAgain">
    /// Whether a record that is gone makes the list not count: who has vanished between list and read, perhaps right after an update, is then found gone by the next list.
    /// </param>
    public ReadDigest OnRead(IReadOnlyList<ReadResult> results, bool mayListAgain = false)
    {
        if (results.Count != _missing.Count)
        {
            throw new InvalidOperationException($"{_missing.Count} records were asked for and {results.Count} came.");
        }

        var quarantined = new List<string>();
        var target = mayListAgain && results.Any(result => result.Error == ZooKeeperErrorCode.NoNode) ? _entries : _next;
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Error != ZooKeeperErrorCode.NoNode)
            {
                target[_missing[i]] = Decode(_missingNames[i], results[i], quarantined);
                _added++;
            }
        }

        return target == _next ? Commit(quarantined) : new ReadDigest(_members, 0, quarantined, IsComplete: false);
    }

    private ReadDigest Commit(List<string> quarantined)
    {
        var changes = _added + _removed.Count;
        _added = 0;
        (_entries, _next) = (_next, _entries);
        _members = changes == 0 ? _members : CollectMembers();
        return new ReadDigest(_members, changes, quarantined, IsComplete: true);
    }

    /// <summary>Memberships that lost a record and have none in the list, not even a newer one.</summary>
    private NodeKey[] FindGone()
    {
        if (_removed.Count == 0)
        {
            return [];
        }

        var present = _next.Values.Select(entry => entry.Node?.Key).OfType<NodeKey>().Concat(_missingNames.Select(name => name.Key)).ToHashSet();
        return [.. _removed.Select(entry => entry.Node?.Key).OfType<NodeKey>().Distinct().Where(key => !present.Contains(key))];
    }

    private static Entry Decode(MemberName name, ReadResult result, List<string> quarantined)
    {
        try
        {
            return new Entry(name.Revision, Check(name, result));
        }
        catch (RecordFormatException exception)
        {
            quarantined.Add($"{name}: {exception.Message}");
            return Entry.Quarantined;
        }
    }

    private static NodeInfo Check(MemberName name, ReadResult result)
    {
        if (result is not { Error: ZooKeeperErrorCode.Ok, Stat: { } stat })
        {
            throw new RecordFormatException($"it cannot be read: {result.Error}");
        }

        var node = MemberRecord.Decode(result.Data);
        if (node.Key != name.Key)
        {
            throw new RecordFormatException($"it is the record of {node.Key}");
        }

        if (stat.EphemeralOwner == 0)
        {
            throw new RecordFormatException("it is not ephemeral: nobody would take it away when its node dies");
        }

        // An update is a new znode; it says itself when the membership began, which cannot be after it.
        var joinOrder = node.JoinOrder == 0 ? stat.Czxid : node.JoinOrder;
        return joinOrder <= stat.Czxid
            ? node with { JoinOrder = joinOrder }
            : throw new RecordFormatException($"its join order {joinOrder} is not before its creation {stat.Czxid}");
    }

    /// <summary>The members by join order; of several records of one membership (somebody wrote one by hand) the newest.</summary>
    private ImmutableArray<NodeInfo> CollectMembers()
    {
        var sorted = _entries.Values.Where(entry => entry.Node is not null).ToArray();
        Array.Sort(sorted, static (left, right) => Compare(left, right));
        var members = ImmutableArray.CreateBuilder<NodeInfo>(sorted.Length);
        foreach (var entry in sorted)
        {
            if (members.Count == 0 || members[^1].Key != entry.Node!.Key)
            {
                members.Add(entry.Node!);
            }
        }

        return members.DrainToImmutable();
    }

    private static int Compare(Entry left, Entry right)
    {
        var order = left.Node!.JoinOrder.CompareTo(right.Node!.JoinOrder);
        order = order != 0 ? order : left.Node.Id.CompareTo(right.Node.Id);
        return order != 0 ? order : right.Revision.CompareTo(left.Revision);
    }

    private static string Shorten(string name) => name.Length <= 80 ? name : name[..80] + "...";

    /// <param name="Revision">The revision that the name gives.</param>
    /// <param name="Node">The record; <see langword="null"/> when the child is quarantined.</param>
    /// <remarks>A class: collections of a structure would be compiled when the first list comes.</remarks>
    private sealed record Entry(int Revision, NodeInfo? Node)
    {
        public static Entry Quarantined { get; } = new(0, null);
    }
}
