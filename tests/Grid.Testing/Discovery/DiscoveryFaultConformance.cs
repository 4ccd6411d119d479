using Xunit;

namespace Grid.Testing;

/// <summary>
/// What every discovery provider must do when its registry is away, when it gives a member up, and when a process goes
/// without a good-bye. Derive from it with your own <see cref="DiscoveryFixture"/>.
/// </summary>
public abstract class DiscoveryFaultConformance : IAsyncLifetime
{
    private readonly DiscoveryFixture _fixture;
    private readonly DiscoveryScene _scene;

    /// <summary>Makes the suite for one test.</summary>
    /// <param name="fixture">Makes the providers and the faults.</param>
    protected DiscoveryFaultConformance(DiscoveryFixture fixture)
    {
        _fixture = fixture;
        _scene = new DiscoveryScene(fixture);
    }

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await _scene.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_node_that_is_disposed_without_a_good_bye_is_not_said_to_have_left()
    {
        var (node, other) = await JoinTwoAsync();

        await node.Spi.DisposeAsync();

        await other.UntilMembersAsync(other.Local!.Key);
        AssertNoGoodBye(other, node.Local!.Key);
    }

    [SkippableFact]
    public async Task A_member_that_the_registry_gave_up_learns_it_and_is_not_said_to_have_left()
    {
        var (node, other) = await JoinTwoAsync();

        await _fixture.ExpireAsync(node.Spi);

        await node.UntilAsync("the loss", snapshot => snapshot.Link == DiscoveryLink.Lost);
        Assert.False(node.Spi.HoldsMembership);
        await other.UntilMembersAsync(other.Local!.Key);
        AssertNoGoodBye(other, node.Local!.Key);
        Assert.True(other.Spi.HoldsMembership);
    }

    [SkippableFact]
    public async Task A_lost_member_has_no_record_to_update()
    {
        var (node, _) = await JoinTwoAsync();
        await ExpireAndNoticeAsync(node);

        await Assert.ThrowsAsync<InvalidOperationException>(() => node.Spi.UpdateAsync(node.Local! with { State = NodeState.Draining }, node.Limit()));
    }

    [SkippableFact]
    public async Task A_lost_member_does_not_rejoin_by_itself()
    {
        var (node, other) = await JoinTwoAsync();
        await ExpireAndNoticeAsync(node);
        await other.UntilMembersAsync(other.Local!.Key);

        var third = await _scene.JoinAsync("third");
        await third.UpdateAsync(third.Local! with { Slots = 1 });

        await other.UntilAsync("the update of the third", snapshot => snapshot.Members.Any(member => member.Name == "third" && member.Slots == 1));
        await other.UntilMembersAsync(other.Local!.Key, third.Local!.Key);
        Assert.False(node.Spi.HoldsMembership);
    }

    [SkippableFact]
    public async Task A_lost_member_rejoins_under_the_next_incarnation_after_all_others()
    {
        var (node, other) = await JoinTwoAsync();
        await ExpireAndNoticeAsync(node);
        await other.UntilMembersAsync(other.Local!.Key);

        node.Local = node.Local! with { Incarnation = 2 };
        await node.Spi.RejoinAsync(node.Local, node.Limit());

        Assert.True(node.Spi.HoldsMembership);
        var theirs = await other.UntilMembersAsync(other.Local!.Key, node.Local.Key);
        Assert.Equal(node.Local.Key, theirs.Members.MaxBy(member => member.JoinOrder)!.Key);
        await node.UntilMembersAsync(other.Local!.Key, node.Local.Key);
    }

    [SkippableFact]
    public async Task A_member_that_rejoined_can_update_its_record_be_lost_again_and_leave()
    {
        var (node, other) = await JoinTwoAsync();
        for (var incarnation = 2; incarnation <= 3; incarnation++)
        {
            await ExpireAndNoticeAsync(node);
            node.Local = node.Local! with { Incarnation = incarnation };
            await node.Spi.RejoinAsync(node.Local, node.Limit());
            await node.UntilMembersAsync(other.Local!.Key, node.Local.Key);
        }

        await node.UpdateAsync(node.Local! with { Slots = 33 });
        await other.UntilAsync("the update", snapshot => snapshot.Members.Any(member => member.Key == node.Local!.Key && member.Slots == 33));
        await node.Spi.StopAsync(node.Limit());
        await other.UntilMembersAsync(other.Local!.Key);
    }

    [SkippableFact]
    public async Task A_rejoin_whose_answer_was_lost_may_be_repeated()
    {
        var (node, other) = await JoinTwoAsync();
        await ExpireAndNoticeAsync(node);
        node.Local = node.Local! with { Incarnation = 2 };
        await node.Spi.RejoinAsync(node.Local, node.Limit());

        await node.Spi.RejoinAsync(node.Local, node.Limit());

        Assert.True(node.Spi.HoldsMembership);
        await other.UntilMembersAsync(other.Local!.Key, node.Local.Key);
    }

    [SkippableFact]
    public async Task While_the_registry_is_away_the_last_members_stay_in_view()
    {
        var (node, other) = await JoinTwoAsync();

        await _fixture.SuspendAsync(node.Spi);
        var suspended = await node.UntilAsync("the suspension", snapshot => snapshot.Link == DiscoveryLink.Suspended);
        var third = await _scene.JoinAsync("third");
        await other.UntilMembersAsync(node.Local!.Key, other.Local!.Key, third.Local!.Key);

        Assert.Equal(2, suspended.Members.Length);
        Assert.All(node.Seen.SkipWhile(snapshot => snapshot.Members.Length < 2), snapshot => Assert.Equal(2, snapshot.Members.Length));
        await _fixture.ResumeAsync(node.Spi);
        await node.UntilMembersAsync(node.Local!.Key, other.Local!.Key, third.Local!.Key);
    }

    [SkippableFact]
    public async Task A_client_whose_registry_is_away_keeps_its_view_too()
    {
        var (node, other) = await JoinTwoAsync();
        var client = await _scene.ObserveAsync();
        await client.UntilMembersAsync(node.Local!.Key, other.Local!.Key);

        await _fixture.SuspendAsync(client.Spi);
        var suspended = await client.UntilAsync("the suspension", snapshot => snapshot.Link == DiscoveryLink.Suspended);
        await _fixture.ResumeAsync(client.Spi);

        Assert.Equal(2, suspended.Members.Length);
        await client.UntilMembersAsync(node.Local!.Key, other.Local!.Key);
    }

    [SkippableFact]
    public async Task Who_left_while_the_registry_was_away_has_still_left_on_purpose()
    {
        var (node, other) = await JoinTwoAsync();
        await _fixture.SuspendAsync(other.Spi);
        await other.UntilAsync("the suspension", snapshot => snapshot.Link == DiscoveryLink.Suspended);

        await node.Spi.StopAsync(node.Limit());
        await _fixture.ResumeAsync(other.Spi);

        await other.UntilMembersAsync(other.Local!.Key);
        Assert.Contains(other.Seen, snapshot => HasSaidGoodBye(snapshot, node.Local!.Key));
    }

    [SkippableFact]
    public async Task Calls_to_a_registry_that_is_away_fail_as_transient_and_succeed_when_repeated()
    {
        var (node, other) = await JoinTwoAsync();
        await _fixture.SuspendAsync(node.Spi);
        await node.UntilAsync("the suspension", snapshot => snapshot.Link == DiscoveryLink.Suspended);

        var draining = node.Local! with { State = NodeState.Draining };
        var exception = await Assert.ThrowsAnyAsync<GridException>(() => node.Spi.UpdateAsync(draining, node.Limit()));
        Assert.True(exception.IsTransient);

        await _fixture.ResumeAsync(node.Spi);
        await node.UntilAsync("the registry", snapshot => snapshot.Link == DiscoveryLink.Connected);
        await node.UpdateAsync(draining);
        await other.UntilAsync("the update", snapshot => snapshot.Members.Any(member => member.State == NodeState.Draining));
    }

    [SkippableFact]
    public async Task Stopping_completes_while_the_registry_is_away()
    {
        var (node, _) = await JoinTwoAsync();
        await _fixture.SuspendAsync(node.Spi);
        await node.UntilAsync("the suspension", snapshot => snapshot.Link == DiscoveryLink.Suspended);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await node.Spi.StopAsync(limit.Token).WaitAsync(_fixture.Patience);

        await node.Watching.WaitAsync(_fixture.Patience);
        Assert.False(node.Spi.HoldsMembership);
    }

    private async Task<(DiscoveryProbe Node, DiscoveryProbe Other)> JoinTwoAsync()
    {
        var node = await _scene.JoinAsync("node");
        var other = await _scene.JoinAsync("other");
        await node.UntilMembersAsync(node.Local!.Key, other.Local!.Key);
        await other.UntilMembersAsync(node.Local!.Key, other.Local!.Key);
        return (node, other);
    }

    private async Task ExpireAndNoticeAsync(DiscoveryProbe node)
    {
        await _fixture.ExpireAsync(node.Spi);
        await node.UntilAsync("the loss", snapshot => snapshot.Link == DiscoveryLink.Lost);
    }

    private static void AssertNoGoodBye(DiscoveryProbe watcher, NodeKey key) =>
        Assert.DoesNotContain(watcher.Seen, snapshot => HasSaidGoodBye(snapshot, key));

    private static bool HasSaidGoodBye(Spi.DiscoverySnapshot snapshot, NodeKey key) =>
        snapshot.Departed.Contains(key) || snapshot.Members.Any(member => member.Key == key && member.State == NodeState.Leaving);
}
