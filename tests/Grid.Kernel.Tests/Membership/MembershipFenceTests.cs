using Grid.Kernel.Membership;
using static Grid.Kernel.Tests.Membership.Members;

namespace Grid.Kernel.Tests.Membership;

public sealed class MembershipFenceTests
{
    private readonly MembershipMachine _machine = new(Node(1) with { JoinOrder = 0 });

    [Fact]
    public void The_first_snapshot_that_shows_the_local_record_confirms_it_with_its_join_order()
    {
        var without = _machine.OnSnapshot(Snapshot(1, Node(2)));
        var with = _machine.OnSnapshot(Snapshot(2, Node(2), Node(1, order: 9)));

        Assert.False(without.Effects.HasFlag(MembershipEffects.ConfirmLocal));
        Assert.True(with.Effects.HasFlag(MembershipEffects.ConfirmLocal));
        Assert.Equal((9L, MembershipPhase.Member), (_machine.Local!.JoinOrder, _machine.Phase));
    }

    [Fact]
    public void A_lost_membership_fences_the_node_freezes_the_view_and_asks_for_a_rejoin()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1), Node(2)));

        var step = _machine.OnSnapshot(Linked(DiscoveryLink.Lost, 1));

        Assert.Equal(MembershipEffects.Fence | MembershipEffects.PublishView | MembershipEffects.ScheduleRejoin, step.Effects);
        Assert.True(_machine.IsFenced);
        Assert.Equal((DiscoveryLink.Lost, 2), (_machine.View.Link, _machine.View.Nodes.Length));
        Assert.Equal(MembershipEffects.None, _machine.OnSnapshot(Linked(DiscoveryLink.Lost, 2)).Effects);
    }

    [Fact]
    public void Behind_the_fence_no_snapshot_changes_the_view()
    {
        Fence();

        _machine.OnSnapshot(Snapshot(5, Node(2)));
        _machine.OnSnapshot(Linked(DiscoveryLink.Suspended, 6));

        Assert.Equal((DiscoveryLink.Lost, 2), (_machine.View.Link, _machine.View.Nodes.Length));
    }

    [Fact]
    public void The_fence_is_lifted_by_the_snapshot_that_shows_the_next_incarnation()
    {
        Fence();
        var record = _machine.OnRejoinStarted();

        Assert.Equal(MembershipEffects.None, _machine.OnRejoined().Effects);
        Assert.Equal(MembershipEffects.None, _machine.OnSnapshot(Snapshot(5, Node(2))).Effects);
        var step = _machine.OnSnapshot(Snapshot(6, Node(2), Node(1, order: 7, incarnation: 2)));

        Assert.Equal((2L, 0L), (record.Incarnation, record.JoinOrder));
        Assert.Equal(MembershipEffects.LiftFence | MembershipEffects.ConfirmLocal | MembershipEffects.PublishView, step.Effects);
        Assert.Equal(["3 Restarted n1#2"], step.Render());
        Assert.Equal((false, 7L), (_machine.IsFenced, _machine.Local!.JoinOrder));
    }

    [Fact]
    public void A_snapshot_that_overtakes_the_answer_to_the_rejoin_is_not_lost()
    {
        Fence();
        _machine.OnRejoinStarted();

        Assert.Equal(MembershipEffects.None, _machine.OnSnapshot(Snapshot(5, Node(1, order: 7, incarnation: 2))).Effects);
        var step = _machine.OnRejoined();

        Assert.True(step.Effects.HasFlag(MembershipEffects.LiftFence));
        Assert.Equal(["3 Failed n2#1", "4 Restarted n1#2"], step.Render());
    }

    [Fact]
    public void A_failed_attempt_is_repeated_with_the_same_record()
    {
        Fence();
        var first = _machine.OnRejoinStarted();
        _machine.OnRejoinFailed();

        Assert.Equal(first, _machine.OnRejoinStarted());
    }

    [Fact]
    public void A_loss_during_the_attempt_spends_its_incarnation()
    {
        Fence();
        _machine.OnRejoinStarted();
        _machine.OnSnapshot(Linked(DiscoveryLink.Lost, 9));

        Assert.Equal(MembershipEffects.ScheduleRejoin, _machine.OnRejoined().Effects);
        Assert.Equal((true, 3L), (_machine.IsFenced, _machine.OnRejoinStarted().Incarnation));
    }

    [Fact]
    public void A_loss_before_the_new_record_was_seen_asks_for_another_rejoin()
    {
        Fence();
        _machine.OnRejoinStarted();
        _machine.OnRejoined();

        Assert.Equal(MembershipEffects.ScheduleRejoin, _machine.OnSnapshot(Linked(DiscoveryLink.Lost, 9)).Effects);
        Assert.Equal(3, _machine.OnRejoinStarted().Incarnation);
    }

    [Fact]
    public void After_a_rejoin_the_versions_of_a_registry_made_anew_count()
    {
        _machine.OnSnapshot(Snapshot(1_000_000, Node(1), Node(2)));
        _machine.OnSnapshot(Linked(DiscoveryLink.Lost, 1_000_000));
        _machine.OnRejoinStarted();
        _machine.OnRejoined();

        _machine.OnSnapshot(Snapshot(1, Node(1, order: 1, incarnation: 2)));

        Assert.Equal([new NodeKey(new NodeId(1), 2)], _machine.View.Keys());
    }

    [Fact]
    public void A_state_set_behind_the_fence_goes_with_the_next_record()
    {
        Fence();

        _machine.OnStateSet(NodeState.Draining);

        Assert.Equal(NodeState.Draining, _machine.OnRejoinStarted().State);
    }

    [Fact]
    public void A_client_has_no_membership_to_lose()
    {
        var client = new MembershipMachine(null);
        client.OnSnapshot(Snapshot(1, Node(2)));

        var step = client.OnSnapshot(Linked(DiscoveryLink.Lost, 1));

        Assert.Equal((MembershipEffects.PublishView, DiscoveryLink.Suspended, false), (step.Effects, client.View.Link, client.IsFenced));
    }

    [Fact]
    public void A_broken_watch_fences_for_good()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1)));

        var step = _machine.OnWatchBroken();

        Assert.Equal(MembershipEffects.Fence | MembershipEffects.PublishView, step.Effects);
    }

    [Fact]
    public void A_later_process_of_the_same_name_is_reported_once()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1)));

        var first = _machine.OnSnapshot(Snapshot(2, Node(1), Node(8, "n1", order: 8)));
        var second = _machine.OnSnapshot(Snapshot(3, Node(1), Node(8, "n1", order: 8), Node(9, order: 9)));

        Assert.True(first.Effects.HasFlag(MembershipEffects.ReportSuperseded));
        Assert.False(second.Effects.HasFlag(MembershipEffects.ReportSuperseded));
    }

    [Theory]
    [InlineData(0, 0.0, 0)]
    [InlineData(0, 0.5, 250)]
    [InlineData(3, 0.5, 2_000)]
    [InlineData(6, 1.0, 30_000)]
    [InlineData(int.MaxValue, 0.5, 15_000)]
    public void The_delay_before_a_rejoin_is_a_random_part_of_a_doubling_bound(int attempt, double chance, int expectedMs) =>
        Assert.Equal(TimeSpan.FromMilliseconds(expectedMs), RejoinBackoff.GetDelay(new MembershipOptions(), attempt, chance));

    private void Fence()
    {
        _machine.OnSnapshot(Snapshot(1, Node(1), Node(2)));
        _machine.OnSnapshot(Linked(DiscoveryLink.Lost, 1));
    }
}
