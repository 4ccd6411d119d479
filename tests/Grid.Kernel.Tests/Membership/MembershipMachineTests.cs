using System.Collections.Immutable;
using Grid.Kernel.Membership;
using Grid.Spi;
using static Grid.Kernel.Tests.Membership.Members;

namespace Grid.Kernel.Tests.Membership;

public sealed class MembershipMachineTests
{
    private readonly MembershipMachine _machine = new(null);

    [Fact]
    public void The_first_snapshot_is_a_join_of_each_member_in_join_order()
    {
        var step = _machine.OnSnapshot(Snapshot(7, Node(1, order: 30), Node(2, order: 10), Node(3, order: 20)));

        Assert.Equal(["1 Joined n2#1", "2 Joined n3#1", "3 Joined n1#1"], step.Render());
        Assert.Equal(3, _machine.View.Version);
        Assert.Equal(["n2", "n3", "n1"], _machine.View.Nodes.Select(node => node.Name));
    }

    [Theory]
    [InlineData(NodeState.Available, false, TopologyChangeKind.Failed)]
    [InlineData(NodeState.Draining, false, TopologyChangeKind.Failed)]
    [InlineData(NodeState.Leaving, false, TopologyChangeKind.Left)]
    [InlineData(NodeState.Available, true, TopologyChangeKind.Left)]
    public void A_member_that_vanishes_has_left_if_it_said_so_and_failed_otherwise(NodeState lastState, bool isInDeparted, TopologyChangeKind expected)
    {
        var gone = Node(2) with { State = lastState };
        _machine.OnSnapshot(Snapshot(1, Node(1), gone));

        var step = _machine.OnSnapshot(isInDeparted ? Snapshot(2, Node(1)).Departed(gone) : Snapshot(2, Node(1)));

        var change = Assert.Single(step.Changes);
        Assert.Equal((expected, gone), (change.Kind, change.Node));
        Assert.Equal([Node(1).Key], _machine.View.Keys());
    }

    [Fact]
    public void A_departure_of_an_earlier_membership_does_not_excuse_the_present_one()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1, incarnation: 2)));

        var step = _machine.OnSnapshot(Snapshot(2).Departed(Node(1, incarnation: 1)));

        Assert.Equal(["2 Failed n1#2"], step.Render());
    }

    [Fact]
    public void A_restarted_process_is_one_change_that_names_its_predecessor()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1, "a"), Node(2, "b")));

        var step = _machine.OnSnapshot(Snapshot(2, Node(2, "b"), Node(9, "a", order: 9)));

        var change = Assert.Single(step.Changes);
        Assert.Equal((TopologyChangeKind.Restarted, Node(9, "a", order: 9), Node(1, "a")), (change.Kind, change.Node, change.Previous));
    }

    [Fact]
    public void A_rejoined_node_is_one_change_that_names_its_earlier_incarnation()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1)));

        var step = _machine.OnSnapshot(Snapshot(2, Node(1, order: 5, incarnation: 2)));

        var change = Assert.Single(step.Changes);
        Assert.Equal((TopologyChangeKind.Restarted, Node(1)), (change.Kind, change.Previous));
    }

    [Fact]
    public void While_both_registrations_of_a_restarted_process_stand_the_later_counts()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1, "a")));

        var both = _machine.OnSnapshot(Snapshot(2, Node(9, "a", order: 9), Node(1, "a")));
        var one = _machine.OnSnapshot(Snapshot(3, Node(9, "a", order: 9)));

        Assert.Equal(["2 Restarted a#1"], both.Render());
        Assert.Empty(one.Changes);
        Assert.Equal([Node(9).Key], _machine.View.Keys());
    }

    [Fact]
    public void An_older_registration_that_surfaces_again_is_a_join_after_the_failure_and_no_restart()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1, "a"), Node(9, "a", order: 9)));

        var step = _machine.OnSnapshot(Snapshot(2, Node(1, "a")));

        Assert.Equal([(TopologyChangeKind.Failed, 9L), (TopologyChangeKind.Joined, 1L)], step.Changes.Select(change => (change.Kind, change.Node!.JoinOrder)));
    }

    [Fact]
    public void State_and_attributes_that_change_together_are_two_steps()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1)));
        var next = (Node(1) with { State = NodeState.Draining }).With("zone", "b");

        var step = _machine.OnSnapshot(Snapshot(2, next));

        Assert.Equal(["2 StateChanged n1#1", "3 AttributesChanged n1#1"], step.Render());
        Assert.Equal(Node(1) with { State = NodeState.Draining }, step.Changes[0].Node);
        Assert.Equal((next, step.Changes[0].Node), (step.Changes[1].Node, step.Changes[1].Previous));
    }

    [Fact]
    public void What_ends_a_membership_comes_before_what_only_starts_one()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1, "a"), Node(2, "b"), Node(3, "c"), Node(4, "d") with { State = NodeState.Leaving }));

        var step = _machine.OnSnapshot(Snapshot(2, Node(3, "c").With("x", "y"), Node(10, "e"), Node(11, "b", order: 11)));

        Assert.Equal(["5 Failed a#1", "6 Left d#1", "7 Restarted b#1", "8 AttributesChanged c#1", "9 Joined e#1"], step.Render());
    }

    [Fact]
    public void A_suspended_registry_freezes_the_view_and_raises_no_change()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1), Node(2)));

        var step = _machine.OnSnapshot(Linked(DiscoveryLink.Suspended, 2));

        Assert.Equal(MembershipEffects.PublishView, step.Effects);
        Assert.Empty(step.Changes);
        Assert.Equal((2L, 2, DiscoveryLink.Suspended), (_machine.View.Version, _machine.View.Nodes.Length, _machine.View.Link));
        Assert.Equal(MembershipEffects.None, _machine.OnSnapshot(Linked(DiscoveryLink.Suspended, 3)).Effects);
    }

    [Fact]
    public void A_departure_told_while_suspended_is_remembered()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1), Node(2)));
        _machine.OnSnapshot(Linked(DiscoveryLink.Suspended, 1).Departed(Node(2)));

        var step = _machine.OnSnapshot(Snapshot(2, Node(1)));

        Assert.Equal(["3 Left n2#1"], step.Render());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Members_of_an_old_or_repeated_version_are_not_taken_but_its_link_is(long version)
    {
        _machine.OnSnapshot(Snapshot(5, Node(1), Node(2)));
        _machine.OnSnapshot(Linked(DiscoveryLink.Suspended, 5, Node(1), Node(2)));

        var step = _machine.OnSnapshot(Snapshot(version, Node(7)));

        Assert.Empty(step.Changes);
        Assert.Equal((DiscoveryLink.Connected, 2), (_machine.View.Link, _machine.View.Nodes.Length));
    }

    [Fact]
    public void A_missing_member_list_is_not_an_empty_one()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1)));

        var missing = _machine.OnSnapshot(Snapshot(2) with { Members = default, Departed = default });
        var empty = _machine.OnSnapshot(Snapshot(3));

        Assert.Empty(missing.Changes);
        Assert.Equal(["2 Failed n1#1"], empty.Render());
    }

    public static TheoryData<string, NodeInfo?> Junk => new()
    {
        { "is null", null },
        { "name", Node(5) with { Name = "" } },
        { "name", Node(5) with { Name = new string('x', 129) } },
        { "name", Node(5) with { Name = null! } },
        { "incarnation", Node(5) with { Incarnation = 0 } },
        { "join order", Node(5) with { JoinOrder = 0 } },
        { "slots", Node(5) with { Slots = -1 } },
        { "state 17", Node(5) with { State = (NodeState)17 } },
        { "oldest protocol", Node(5) with { Protocol = default } },
        { "newest protocol", Node(5) with { Protocol = new ProtocolRange(3, 2) } },
        { "attribute set", Node(5) with { Attributes = null! } },
        { "endpoint list", Node(5) with { Endpoints = default } },
        { "endpoints is null", Node(5) with { Endpoints = [null!] } },
    };

    [Theory]
    [MemberData(nameof(Junk))]
    public void A_record_that_cannot_be_used_is_quarantined_with_a_reason(string reason, NodeInfo? junk)
    {
        var step = _machine.OnSnapshot(new DiscoverySnapshot(1, [Node(1), junk!, Node(2)], [], DiscoveryLink.Connected));

        Assert.Equal([Node(1).Key, Node(2).Key], _machine.View.Keys());
        Assert.Contains(reason, Assert.Single(step.Quarantined), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_records_with_one_id_the_later_counts()
    {
        var step = _machine.OnSnapshot(Snapshot(1, Node(1, order: 4, incarnation: 2), Node(1, order: 2)));

        Assert.Equal(["1 Joined n1#2"], step.Render());
    }

    [Fact]
    public void A_newer_snapshot_with_the_same_members_publishes_nothing()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1)));

        Assert.Equal(MembershipEffects.None, _machine.OnSnapshot(Snapshot(2, Node(1))).Effects);
    }
}
