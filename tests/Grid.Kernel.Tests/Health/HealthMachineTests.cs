using Grid.Kernel.Health;
using Grid.Kernel.Tests.Compute;

namespace Grid.Kernel.Tests.Health;

public sealed class HealthMachineTests
{
    private static readonly HealthOptions Options = new() { SuspectAfter = TimeSpan.FromSeconds(1) };
    private static readonly NodeInfo[] Members = [Nodes.Make(1), Nodes.Make(2), Nodes.Make(3)];
    private readonly Dictionary<NodeId, NodeMetrics> _metrics = [];
    private readonly HealthMachine _machine = new(Options, Members[0].Id);
    private TopologyView _topology = new(1, Members);
    private TimeSpan _now = TimeSpan.FromMinutes(1);

    public HealthMachineTests()
    {
        _machine.OnLook(_now);
        Conclude();
    }

    [Fact]
    public void A_member_that_owes_an_answer_for_too_long_is_suspect_and_stays_in_the_view()
    {
        _machine.OnSilence(Members[1], Options.SuspectAfter - TimeSpan.FromTicks(1), _now);
        Assert.Equal(NodeCondition.Well, Conclude().View.Of(Members[1]).Condition);

        _machine.OnSilence(Members[1], Options.SuspectAfter, _now);
        var step = Conclude();

        Assert.Equal([NodeCondition.Well, NodeCondition.Suspect, NodeCondition.Well], step.View.All.Select(node => node.Condition));
        Assert.Equal("is suspect: it has owed an answer for 1.0 s", step.View.Of(Members[1]).Reason);
        Assert.Equal([NodeEventKind.Suspected], step.Changes.Select(change => change.Kind));
    }

    [Fact]
    public void A_failed_attempt_to_link_makes_a_member_suspect_at_once()
    {
        _machine.OnUnreachable(Members[2], "connection refused");

        Assert.Equal("is suspect: connection refused", Assert.Single(Conclude().View.Suspects).Reason);
        Assert.Equal([Members[2].Id], _machine.Unreachable);
    }

    [Fact]
    public void A_sign_of_life_clears_a_suspect()
    {
        _machine.OnUnreachable(Members[2], "connection refused");
        Conclude();

        _machine.OnHeard(Members[2].Key);
        var step = Conclude();

        Assert.Empty(step.View.Suspects);
        Assert.Empty(_machine.Unreachable);
        Assert.Equal([NodeEventKind.Answered], step.Changes.Select(change => change.Kind));
    }

    [Fact]
    public void A_node_that_was_paused_itself_gives_everybody_the_time_once_more()
    {
        Look(TimeSpan.FromSeconds(5));
        _machine.OnSilence(Members[1], TimeSpan.FromSeconds(5), _now);
        Assert.Empty(Conclude().View.Suspects);

        for (var waited = TimeSpan.Zero; waited < Options.SuspectAfter; waited += Options.LookPeriod)
        {
            Look(Options.LookPeriod);
        }

        _machine.OnSilence(Members[1], TimeSpan.FromSeconds(6), _now);
        Assert.Single(Conclude().View.Suspects);
    }

    [Fact]
    public void A_member_that_is_leaving_is_not_suspected()
    {
        _machine.OnUnreachable(Members[1] with { State = NodeState.Leaving }, "connection refused");

        Assert.Empty(Conclude().View.Suspects);
    }

    [Fact]
    public void A_suspect_that_discovery_removes_is_forgotten_and_its_next_membership_starts_well()
    {
        _machine.OnUnreachable(Members[1], "connection refused");
        Conclude();

        _topology = new TopologyView(2, [Members[0], Members[1] with { Incarnation = 2 }, Members[2]]);

        Assert.Empty(Conclude().View.Suspects);
        Assert.Empty(_machine.Unreachable);
    }

    [Fact]
    public void A_member_that_says_that_it_starves_is_starved_until_it_says_otherwise()
    {
        _metrics[Members[1].Id] = new NodeMetrics { Starvation = NodeStarvation.JobLanes };
        var starved = Conclude();
        _metrics[Members[1].Id] = new NodeMetrics { Starvation = NodeStarvation.None };
        var recovered = Conclude();

        Assert.Equal("starves: the jobs in all its slots wait for something, and none ends", starved.View.Of(Members[1]).Reason);
        Assert.Equal([NodeEventKind.Starved], starved.Changes.Select(change => change.Kind));
        Assert.Equal(NodeCondition.Well, recovered.View.Of(Members[1]).Condition);
        Assert.Equal([NodeEventKind.Recovered], recovered.Changes.Select(change => change.Kind));
    }

    [Fact]
    public void A_member_that_starves_for_another_reason_too_is_told_again()
    {
        _metrics[Members[1].Id] = new NodeMetrics { Starvation = NodeStarvation.ThreadPool };
        Conclude();
        _metrics[Members[1].Id] = new NodeMetrics { Starvation = NodeStarvation.ThreadPool | NodeStarvation.JobLanes };

        var change = Assert.Single(Conclude().Changes);
        Assert.Equal((NodeEventKind.Starved, "n2 starves: its jobs wait for something and none ends, and its thread pool takes up no work; it gets no new jobs while others are well"), (change.Kind, change.Text));
    }

    [Fact]
    public void A_cut_between_two_others_leaves_both_well_for_a_third()
    {
        _metrics[Members[1].Id] = Unreachable(Members[2]);
        _metrics[Members[2].Id] = Unreachable(Members[1]);
        var step = Conclude();

        Assert.All(step.View.All, node => Assert.Equal(NodeCondition.Well, node.Condition));
        Assert.Equal(Members[1], Assert.Single(step.View.Of(Members[2]).UnreachableFor));
        Assert.Equal(Members[2], Assert.Single(step.View.Of(Members[1]).UnreachableFor));
        Assert.Equal([NodeEventKind.CutReported, NodeEventKind.CutReported], step.Changes.Select(change => change.Kind));
    }

    [Fact]
    public void A_member_that_says_that_it_cannot_reach_this_node_is_cut()
    {
        _metrics[Members[1].Id] = Unreachable(Members[0]);

        Assert.Equal(NodeCondition.Cut, Conclude().View.Of(Members[1]).Condition);
    }

    [Fact]
    public void A_look_that_finds_nothing_new_gives_the_same_view()
    {
        var before = Conclude().View;
        var step = Conclude();

        Assert.False(step.IsNews);
        Assert.Same(before, step.View);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_happens_suspects_are_members_that_gave_no_sign_of_life_since_and_events_come_in_pairs(int seed)
    {
        var random = new Random(seed);
        var expected = new HashSet<NodeId>();
        var told = new HashSet<NodeId>();
        for (var step = 0; step < 5_000; step++)
        {
            var member = _topology.Nodes[random.Next(_topology.Nodes.Length)];
            Act(random.Next(4), member, expected, random);
            foreach (var change in Conclude().Changes.Where(change => change.Kind is NodeEventKind.Suspected or NodeEventKind.Answered))
            {
                Assert.True(change.Kind == NodeEventKind.Suspected ? told.Add(change.Node.Id) : told.Remove(change.Node.Id), $"seed {seed}, step {step}: {change.Text}");
            }

            told.RemoveWhere(id => _topology.Find(id) is null);
            Assert.True(expected.SetEquals(_machine.Unreachable), $"seed {seed}, step {step}");
            Assert.True(expected.SetEquals(told), $"seed {seed}, step {step}: told {string.Join(',', told)}");
        }
    }

    private void Act(int action, NodeInfo member, HashSet<NodeId> expected, Random random)
    {
        switch (action)
        {
            case 0 when member.Id != Members[0].Id:
                _machine.OnUnreachable(member, "refused");
                expected.Add(member.Id);
                break;
            case 1:
                _machine.OnHeard(member.Key);
                expected.Remove(member.Id);
                break;
            case 2:
                // Members come and go; the local one stays.
                _topology = new TopologyView(_topology.Version + 1, Enumerable.Range(1, 6).Where(number => number == 1 || random.Next(4) > 0).Select(number => Nodes.Make(number)));
                expected.RemoveWhere(id => _topology.Find(id) is null);
                break;
            default:
                Look(Options.LookPeriod);
                _machine.OnSilence(member, TimeSpan.FromMilliseconds(random.Next(900)), _now);
                break;
        }
    }

    private static NodeMetrics Unreachable(NodeInfo node) => new() { UnreachablePeers = 1, UnreachableMarks = [ReachabilityRow.MarkOf(node.Id)] };

    private void Look(TimeSpan after)
    {
        _now += after;
        _machine.OnLook(_now);
    }

    private HealthStep Conclude() => _machine.Conclude(_topology, node => _metrics.GetValueOrDefault(node));
}
