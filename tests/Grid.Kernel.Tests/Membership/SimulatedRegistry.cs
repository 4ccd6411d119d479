using System.Collections.Immutable;
using Grid.Spi;

namespace Grid.Kernel.Tests.Membership;

/// <summary>A registry in which processes of few names start, restart over their dead predecessors, change, leave and crash by chance.</summary>
internal sealed class SimulatedRegistry(Random random)
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    private readonly List<NodeInfo> _members = [];
    private readonly List<NodeKey> _departures = [];
    private int _ids;
    private long _joins;

    public long Version { get; private set; } = 1;

    /// <summary>Memberships that ended on purpose, in order.</summary>
    public IReadOnlyList<NodeKey> Departures => _departures;

    public ImmutableArray<NodeInfo> Members => [.. _members];

    public DiscoverySnapshot Snapshot(int departuresTold) => new(Version, Shuffled(), [.. _departures.Skip(departuresTold)], DiscoveryLink.Connected);

    public void Step()
    {
        Version += random.Next(1, 4);
        switch (random.Next(6))
        {
            case 0 or 1:
                _members.Add(Membership.Members.Node(++_ids, Names[random.Next(Names.Length)], ++_joins));
                break;
            case 2 when _members.Count > 0:
                Leave(random.Next(_members.Count));
                break;
            case 3 when _members.Count > 0:
                _members.RemoveAt(random.Next(_members.Count));
                break;
            case 4 when _members.Count > 0:
                Change(random.Next(_members.Count));
                break;
            case 5 when _members.Count > 0:
                Rejoin(random.Next(_members.Count));
                break;
        }
    }

    private void Leave(int index)
    {
        _departures.Add(_members[index].Key);
        _members.RemoveAt(index);
    }

    private void Change(int index) => _members[index] = random.Next(2) == 0
        ? _members[index] with { State = (NodeState)random.Next(2) }
        : _members[index].With("x", $"{random.Next(3)}");

    private void Rejoin(int index) => _members[index] = _members[index] with { Incarnation = _members[index].Incarnation + 1, JoinOrder = ++_joins };

    private ImmutableArray<NodeInfo> Shuffled()
    {
        var members = _members.ToArray();
        random.Shuffle(members);
        return [.. members];
    }
}
