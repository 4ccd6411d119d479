using Grid.Kernel.ForkJoin;
using Grid.Kernel.ForkJoin.Stealing;

namespace Grid.Kernel.Tests.ForkJoin;

[Trait("Lane", "pure")]
public sealed class StealMachineTests
{
    private static readonly NodeKey Self = Key(3);

    [Theory]
    [InlineData(StealWire.Join, true)]
    [InlineData(StealWire.Members, true)]
    [InlineData(StealWire.Ask, true)]
    [InlineData(StealWire.Loot, false)]
    [InlineData(StealWire.Outcome, false)]
    [InlineData(StealWire.Waiting, true)]
    public void A_node_with_too_much_to_do_drops_no_message_that_holds_a_task_or_its_outcome(byte kind, bool mayBeDropped) =>
        Assert.Equal(mayBeDropped, StealWire.MayBeDropped(kind));

    [Fact]
    public void A_node_alone_asks_nobody() => Assert.Empty(Machine().OnIdle());

    [Fact]
    public void An_idle_node_asks_one_peer_at_a_time()
    {
        var machine = Machine(1, 2, 4);

        Assert.False(Assert.Single(machine.OnIdle()).IsLifeline);
        Assert.Empty(machine.OnIdle());
    }

    [Fact]
    public void After_some_refusals_it_asks_its_lifelines_and_rests()
    {
        var machine = Machine(1, 2, 4, 5, 6);

        var asks = machine.OnIdle();
        asks = Refuse(machine, Assert.Single(asks));
        asks = Refuse(machine, Assert.Single(asks));

        // The ring is 1 to 6: from 3, distances 1, 2 and 4.
        Assert.Equal([Key(4), Key(5), Key(1)], asks.Select(ask => ask.To));
        Assert.All(asks, ask => Assert.True(ask.IsLifeline));
        Assert.True(machine.IsResting);
        Assert.Empty(machine.OnIdle());
    }

    [Fact]
    public void Refusals_of_lifelines_start_nothing()
    {
        var machine = Rested(1, 2);

        Assert.Empty(machine.OnLoot(Key(1), 99, 0));
        Assert.True(machine.IsResting);
    }

    [Fact]
    public void Work_ends_the_rest()
    {
        var machine = Rested(1, 2);

        Assert.Empty(machine.OnLoot(Key(1), 0, 2));

        Assert.False(machine.IsResting);
        Assert.Single(machine.OnIdle());
    }

    [Fact]
    public void A_new_member_is_asked_by_one_who_rests()
    {
        var machine = Rested(1, 2);

        var (returned, asks) = machine.OnMembers([Key(1), Key(2), Key(9)]);

        Assert.Empty(returned);
        Assert.Single(asks);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(9, 5)]
    [InlineData(1000, 32)]
    public void Half_is_given_but_not_more_than_a_batch(int queued, int given) => Assert.Equal(given, Machine(1).OnAsked(Key(1), false, queued));

    [Fact]
    public void Long_tasks_are_given_one_at_a_time()
    {
        var machine = Machine(1);
        for (var i = 0; i < 20; i++)
        {
            Assert.True(machine.TryReturn(Key(1), machine.Lend(Key(1), "t"), 1_000_000, out _));
        }

        Assert.Equal(1, machine.OnAsked(Key(1), false, 100));
    }

    [Fact]
    public void Who_was_refused_by_its_lifeline_is_sent_work_when_there_is_some()
    {
        var machine = Machine(1, 2);
        Assert.Equal(0, machine.OnAsked(Key(2), isLifeline: true, 0));
        Assert.Equal(0, machine.OnAsked(Key(1), isLifeline: false, 0));

        Assert.True(machine.IsWorkWanted);
        Assert.Equal(2, machine.TakeWaiting(4, out var to));
        Assert.Equal(Key(2), to);
        Assert.False(machine.IsWorkWanted);
    }

    [Fact]
    public void An_outcome_is_taken_once_and_only_from_the_thief()
    {
        var machine = Machine(1, 2);
        var number = machine.Lend(Key(1), "task");

        Assert.False(machine.TryReturn(Key(2), number, 0, out _));
        Assert.True(machine.TryReturn(Key(1), number, 0, out var task));
        Assert.Equal("task", task);
        Assert.False(machine.TryReturn(Key(1), number, 0, out _));
    }

    [Fact]
    public void What_a_lost_peer_had_comes_back_and_its_outcomes_are_refused()
    {
        var machine = Machine(1, 2);
        var first = machine.Lend(Key(1), "a");
        machine.Lend(Key(2), "b");
        machine.Lend(Key(1), "c");

        Assert.Equal(["a", "c"], machine.OnLost(Key(1)).Returned);
        Assert.False(machine.TryReturn(Key(1), first, 0, out _));
        Assert.Equal(1, machine.LentCount);
    }

    [Fact]
    public void A_member_that_has_left_is_lost()
    {
        var machine = Machine(1, 2);
        machine.Lend(Key(1), "a");

        Assert.Equal(["a"], machine.OnMembers([Key(2)]).Returned);
    }

    [Fact]
    public void When_the_one_that_was_asked_is_lost_another_is_asked()
    {
        var machine = Machine(1, 2);
        var ask = Assert.Single(machine.OnIdle());

        Assert.NotEmpty(machine.OnLost(ask.To).Asks);
    }

    [Fact]
    public void A_tick_asks_again_for_what_may_have_been_lost()
    {
        var machine = Machine(1, 2);
        var first = Assert.Single(machine.OnIdle());

        var again = Assert.Single(machine.OnTick());

        Assert.NotEqual(first.Number, again.Number);
        Assert.Empty(machine.OnLoot(first.To, first.Number, 0));
    }

    [Fact]
    public void A_peer_that_cannot_read_tasks_gets_none()
    {
        var machine = Machine(1, 2);

        machine.OnUnable(Key(1));

        Assert.Equal(0, machine.OnAsked(Key(1), isLifeline: true, 10));
        Assert.False(machine.IsWorkWanted);
    }

    [Fact]
    public void What_is_lent_is_bounded()
    {
        var machine = new StealMachine<string>(Self, new ForkJoinOptions { LentMax = 2 }, new Random(1), 0);
        machine.Lend(Key(1), "a");
        Assert.Equal(1, machine.OnAsked(Key(1), false, 100));
        machine.Lend(Key(1), "b");

        Assert.Equal(0, machine.OnAsked(Key(1), false, 100));
    }

    [Fact]
    public void What_did_not_leave_is_taken_back_and_its_outcome_would_be_refused()
    {
        var machine = Machine(1);
        machine.Lend(Key(1), "a");
        var number = machine.Lend(Key(1), "b");

        Assert.Equal("b", machine.TakeBack(number));
        Assert.False(machine.TryReturn(Key(1), number, 0, out _));
        Assert.Equal(1, machine.LentCount);
    }

    [Fact]
    public void A_doubtful_peer_is_not_asked_while_another_is_well()
    {
        var machine = Machine(1, 2, 4);
        machine.OnHealth([Key(1), Key(4)]);

        var asks = machine.OnIdle();
        while (!machine.IsResting)
        {
            Assert.Equal(Key(2), Assert.Single(asks).To);
            asks = Refuse(machine, asks[0]);
        }

        // The ring of those that are well: 2 and 3.
        Assert.Equal(Key(2), Assert.Single(asks).To);
    }

    [Fact]
    public void When_all_are_doubtful_they_are_asked()
    {
        var machine = Machine(1);
        machine.OnHealth([Key(1)]);

        Assert.Equal(Key(1), Assert.Single(machine.OnIdle()).To);
    }

    [Fact]
    public void When_the_one_that_was_asked_becomes_doubtful_another_is_asked()
    {
        var machine = Machine(1, 2);
        var asked = Assert.Single(machine.OnIdle()).To;

        Assert.NotEqual(asked, Assert.Single(machine.OnHealth([asked])).To);
        Assert.Empty(machine.OnHealth([asked]));
    }

    [Fact]
    public void One_who_rests_asks_again_when_a_peer_has_recovered()
    {
        var machine = Machine(1, 2);
        machine.OnHealth([Key(1)]);
        Rest(machine);

        Assert.NotEmpty(machine.OnHealth([]));
    }

    [Fact]
    public void Work_for_those_that_wait_goes_to_one_that_is_well()
    {
        var machine = Machine(1, 2);
        machine.OnAsked(Key(1), isLifeline: true, 0);
        machine.OnAsked(Key(2), isLifeline: true, 0);
        machine.OnHealth([Key(1)]);

        Assert.Equal(2, machine.TakeWaiting(4, out var to));
        Assert.Equal(Key(2), to);

        // The other one goes on waiting until it has recovered.
        Assert.False(machine.IsWorkWanted);
        Assert.Equal(0, machine.TakeWaiting(4, out _));
        machine.OnHealth([]);
        Assert.True(machine.IsWorkWanted);
        Assert.Equal(2, machine.TakeWaiting(4, out to));
        Assert.Equal(Key(1), to);
    }

    [Fact]
    public void Work_goes_to_a_doubtful_peer_that_waits_when_no_peer_is_well()
    {
        var machine = Machine(1);
        machine.OnAsked(Key(1), isLifeline: true, 0);
        machine.OnHealth([Key(1)]);

        Assert.True(machine.IsWorkWanted);
        Assert.Equal(2, machine.TakeWaiting(4, out _));
    }

    [Fact]
    public void What_a_doubtful_peer_has_stays_with_it()
    {
        var machine = Machine(1, 2);
        var number = machine.Lend(Key(1), "task");

        machine.OnHealth([Key(1)]);

        Assert.True(machine.TryReturn(Key(1), number, 0, out _));
    }

    private static StealMachine<string> Machine(params int[] peers)
    {
        var machine = new StealMachine<string>(Self, new ForkJoinOptions(), new Random(1), 0);
        machine.OnMembers(peers.Select(Key));
        return machine;
    }

    private static StealMachine<string> Rested(params int[] peers)
    {
        var machine = Machine(peers);
        Rest(machine);
        return machine;
    }

    private static void Rest(StealMachine<string> machine)
    {
        var asks = machine.OnIdle();
        while (!machine.IsResting)
        {
            asks = Refuse(machine, asks[0]);
        }
    }

    private static IReadOnlyList<AskEffect> Refuse(StealMachine<string> machine, AskEffect ask) => machine.OnLoot(ask.To, ask.Number, 0);

    private static NodeKey Key(int number) => new(new NodeId((UInt128)(uint)number), 1);
}
