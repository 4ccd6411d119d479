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
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<Entry> _newcomers = []; // Since the last list that counted.
    private List<Entry> _ordered = []; // The usable ones of the last view, as Compare has them.
    private List<Entry> _listed = []; // The known ones in the order of the last list.
    private List<Entry> _removed = [];
    private int _list;
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
        _list++;
        _missing = [];
        _missingNames = [];
        var quarantined = new List<string>();
        var listed = new List<Entry>(names.Count);
        var expected = 0;
        foreach (var name in names)
        {
            if (Find(name, ref expected) is { } entry)
            {
                entry.LastList = _list;
                entry.Position = listed.Count;
                listed.Add(entry);
            }
            else if (MemberName.TryParse(name, out var parsed))
            {
                _missing.Add(name);
                _missingNames.Add(parsed);
            }
            else
            {
                _entries[name] = new Entry(name, 0, null) { LastList = _list };
                quarantined.Add($"{Shorten(name)}: its name is not that of a member");
            }
        }

        _listed = listed;
        _removed = names.Count - _missing.Count == _entries.Count ? [] : [.. _entries.Values.Where(entry => entry.LastList != _list)];
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
        var isComplete = true;
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Error == ZooKeeperErrorCode.NoNode)
            {
                isComplete = !mayListAgain;
                continue;
            }

            var entry = Decode(_missing[i], _missingNames[i], results[i], quarantined);
            entry.LastList = _list;
            _entries[entry.Name] = entry;
            _newcomers.Add(entry);
        }

        return isComplete ? Commit(quarantined) : new ReadDigest(_members, 0, quarantined, IsComplete: false);
    }

    /// <summary>Servers list what has not changed in the order of the time before, and comparing a name costs less than looking it up.</summary>
    /// <param name="name">The name.</param>
    /// <param name="expected">Where it should stand in the last list; afterwards where the next one should.</param>
    private Entry? Find(string name, ref int expected)
    {
        if (expected < _listed.Count && _listed[expected].Name == name)
        {
            return _listed[expected++];
        }

        if (_entries.TryGetValue(name, out var entry))
        {
            expected = entry.Position + 1;
        }

        return entry;
    }

    private ReadDigest Commit(List<string> quarantined)
    {
        var changes = _newcomers.Count + _removed.Count;
        if (changes > 0)
        {
            _removed.ForEach(entry => _entries.Remove(entry.Name));
            _ordered = MergeNewcomers();
            _newcomers.Clear();
            _members = CollectMembers();
        }

        return new ReadDigest(_members, changes, quarantined, IsComplete: true);
    }

    /// <summary>Memberships that lost a record and have none in the list, not even a newer one.</summary>
    private NodeKey[] FindGone()
    {
        if (_removed.Count == 0)
        {
            return [];
        }

        var listed = _entries.Values.Where(entry => entry.LastList == _list);
        var present = listed.Select(entry => entry.Node?.Key).OfType<NodeKey>().Concat(_missingNames.Select(name => name.Key)).ToHashSet();
        return [.. _removed.Select(entry => entry.Node?.Key).OfType<NodeKey>().Distinct().Where(key => !present.Contains(key))];
    }

    private static Entry Decode(string name, MemberName parsed, ReadResult result, List<string> quarantined)
    {
        try
        {
            return new Entry(name, parsed.Revision, Check(parsed, result));
        }
        catch (RecordFormatException exception)
        {
            quarantined.Add($"{name}: {exception.Message}");
            return new Entry(name, 0, null);
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

    /// <summary>Most changes are few among many, so what is in order is not sorted again.</summary>
    private List<Entry> MergeNewcomers()
    {
        var newcomers = _newcomers.FindAll(IsUsable);
        newcomers.Sort(static (left, right) => Compare(left, right));
        if (_removed.Count == 0 && newcomers.Count > 0 && _ordered.Count > 0 && Compare(_ordered[^1], newcomers[0]) < 0)
        {
            _ordered.AddRange(newcomers);
            return _ordered;
        }

        var merged = new List<Entry>(_ordered.Count + newcomers.Count);
        var next = 0;
        foreach (var entry in _ordered.Where(IsUsable))
        {
            while (next < newcomers.Count && Compare(newcomers[next], entry) < 0)
            {
                merged.Add(newcomers[next++]);
            }

            merged.Add(entry);
        }

        merged.AddRange(newcomers.Skip(next));
        return merged;
    }

    private bool IsUsable(Entry entry) => entry.Node is not null && entry.LastList == _list;

    /// <summary>The members by join order; of several records of one membership (somebody wrote one by hand) the newest.</summary>
    private ImmutableArray<NodeInfo> CollectMembers()
    {
        var members = ImmutableArray.CreateBuilder<NodeInfo>(_ordered.Count);
        foreach (var entry in _ordered)
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

    /// <summary>One child.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="revision">The revision that the name gives.</param>
    /// <param name="node">The record; <see langword="null"/> when the child is quarantined.</param>
    /// <remarks>A class: collections of a structure would be compiled when the first list comes.</remarks>
    private sealed class Entry(string name, int revision, NodeInfo? node)
    {
        public string Name { get; } = name;

        public int Revision { get; } = revision;

        public NodeInfo? Node { get; } = node;

        /// <summary>The number of the last list that had it.</summary>
        public int LastList { get; set; }

        /// <summary>Where among the known ones of that list it stood.</summary>
        public int Position { get; set; }
    }
}
