using System.Globalization;
using Grid.Kernel.Membership;
using Grid.Spi;

namespace Grid.Kernel.Tests.Membership;

/// <summary>
/// Random histories of a registry, shown to two machines with different gaps, repetitions, stale versions and suspensions.
/// GRID_TEST_SEED=n replays one history.
/// </summary>
public sealed class MembershipInterleavingTests
{
    private const int Histories = 1_500;
    private const int Steps = 60;

    [Fact]
    public void Whatever_a_reader_misses_its_changes_add_up_and_its_view_is_that_of_the_others()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("GRID_TEST_SEED"), CultureInfo.InvariantCulture, out var seed))
        {
            Replay(seed);
            return;
        }

        for (seed = 1; seed <= Histories; seed++)
        {
            Replay(seed);
        }
    }

    private static void Replay(int seed)
    {
        var random = new Random(seed);
        var registry = new SimulatedRegistry(random);
        var readers = new[] { new Reader(seed), new Reader(seed) };
        for (var step = 0; step < Steps; step++)
        {
            registry.Step();
            foreach (var reader in readers)
            {
                reader.MaybeRead(registry, random);
            }
        }

        foreach (var reader in readers)
        {
            reader.Read(registry);
        }

        Assert.True(readers[0].View.Nodes.SequenceEqual(readers[1].View.Nodes), $"seed {seed}: the readers end with different views");
        Assert.True(readers[0].View.Nodes.SequenceEqual(Expected(registry)), $"seed {seed}: the view is not the registry's");
    }

    private static IEnumerable<NodeInfo> Expected(SimulatedRegistry registry) =>
        registry.Members.GroupBy(node => node.Name).Select(group => group.MaxBy(node => node.JoinOrder)!).OrderBy(node => node.JoinOrder);

    private sealed class Reader(int seed)
    {
        private readonly MembershipMachine _machine = new(null);
        private DiscoverySnapshot? _earlier;
        private int _departuresTold;

        public TopologyView View => _machine.View;

        public void MaybeRead(SimulatedRegistry registry, Random random)
        {
            switch (random.Next(8))
            {
                case 0:
                    // The link is away; departures told with it must not be forgotten.
                    Check(registry, registry.Snapshot(_departuresTold) with { Link = DiscoveryLink.Suspended, Members = [] });
                    _departuresTold = registry.Departures.Count;
                    break;
                case 1 when _earlier is not null:
                    var before = View.Nodes;
                    Check(registry, _earlier);
                    Assert.True(before.SequenceEqual(View.Nodes), $"seed {seed}: a stale snapshot changed the view");
                    break;
                case 2 or 3 or 4:
                    Read(registry);
                    break;
            }
        }

        public void Read(SimulatedRegistry registry)
        {
            var snapshot = registry.Snapshot(_departuresTold);
            _departuresTold = registry.Departures.Count;
            Check(registry, snapshot);
            _earlier = snapshot with { Departed = [] };
        }

        private void Check(SimulatedRegistry registry, DiscoverySnapshot snapshot)
        {
            var before = View;
            var step = _machine.OnSnapshot(snapshot);
            var members = before.Nodes.ToDictionary(node => node.Id);
            var rank = 0;
            foreach (var (change, index) in step.Changes.Select((change, index) => (change, index)))
            {
                Assert.True(change.Version == before.Version + index + 1, $"seed {seed}: version {change.Version} leaves a gap");
                Assert.True(Rank(change.Kind) >= rank, $"seed {seed}: {change.Kind} comes too late");
                rank = Rank(change.Kind);
                CheckReason(registry, change);
                Apply(members, change);
            }

            Assert.True(View.Version == before.Version + step.Changes.Length, $"seed {seed}: the view's version is {View.Version}");
            Assert.True(members.Values.OrderBy(node => node.JoinOrder).SequenceEqual(View.Nodes), $"seed {seed}: the changes do not add up to the view");
        }

        private void CheckReason(SimulatedRegistry registry, TopologyChange change)
        {
            var isDeparture = registry.Departures.Contains(change.Node!.Key);
            var isRight = change.Kind switch
            {
                TopologyChangeKind.Left => isDeparture,
                TopologyChangeKind.Failed => !isDeparture,
                TopologyChangeKind.Restarted => change.Node.JoinOrder > change.Previous!.JoinOrder,
                _ => true,
            };
            Assert.True(isRight, $"seed {seed}: {change.Kind} {change.Node} is not what happened");
        }

        private void Apply(Dictionary<NodeId, NodeInfo> members, TopologyChange change)
        {
            var node = change.Node!;
            switch (change.Kind)
            {
                case TopologyChangeKind.Left or TopologyChangeKind.Failed:
                    Assert.True(members.Remove(node.Id), $"seed {seed}: {node} went without having been there");
                    break;
                case TopologyChangeKind.Joined:
                    Assert.True(members.TryAdd(node.Id, node), $"seed {seed}: {node} joined twice");
                    break;
                default:
                    Assert.True(members.Remove(change.Previous!.Id, out var previous) && previous.Equals(change.Previous), $"seed {seed}: {change.Previous} was not there");
                    members.Add(node.Id, node);
                    break;
            }
        }

        private static int Rank(TopologyChangeKind kind) => kind switch
        {
            TopologyChangeKind.Left or TopologyChangeKind.Failed => 0,
            TopologyChangeKind.Restarted => 1,
            TopologyChangeKind.Joined => 3,
            _ => 2,
        };
    }
}
