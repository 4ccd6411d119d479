using Grid.ZooKeeper.Requests;

namespace Grid.ZooKeeper.Tests.Requests;

public sealed class PoolTurnTests
{
    private const long Never = long.MaxValue;
    private readonly PoolTurn _turn = new(length: 10);

    [Fact]
    public void A_turn_ends_when_the_pool_takes_it_and_then_another_may_begin()
    {
        Assert.True(_turn.TryBegin(100));
        Assert.False(_turn.TryBegin(101));

        Assert.True(_turn.TryEnd());
        Assert.False(_turn.TryEnd());
        Assert.True(_turn.TryBegin(102));
    }

    [Fact]
    public void A_pool_that_does_not_come_has_missed_its_turn()
    {
        _turn.TryBegin(100);

        Assert.True(_turn.IsOn(109));
        Assert.False(_turn.IsOn(110));
    }

    [Fact]
    public void The_writing_thread_looks_while_turns_follow_one_another_and_then_sleeps_until_it_is_woken()
    {
        Assert.Equal(Never, _turn.WakeAt(Never, 100));
        Assert.False(_turn.IsWatched);

        _turn.TryBegin(100);
        Assert.Equal(115, _turn.WakeAt(Never, 105));
        Assert.Equal(110, _turn.WakeAt(110, 105));
        Assert.True(_turn.IsWatched);

        _turn.TryEnd();
        Assert.Equal(Never, _turn.WakeAt(Never, 350));
        Assert.False(_turn.IsWatched);
    }
}
