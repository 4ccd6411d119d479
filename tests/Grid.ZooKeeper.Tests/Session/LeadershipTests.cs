using Grid.ZooKeeper.Session;

namespace Grid.ZooKeeper.Tests.Session;

public sealed class LeadershipTests
{
    private static readonly TimeSpan Late = Leadership.Patience;
    private readonly SetTime _time = new();
    private readonly Leadership _leadership;
    private int _wakes;

    public LeadershipTests() => _leadership = new Leadership(() => _wakes++, _time);

    [Fact]
    public void At_rest_nobody_looks_and_the_first_step_calls_the_watch()
    {
        Assert.Equal(Lead.Rests, _leadership.Watch());
        Assert.Equal(0, _wakes);

        Work();
        Work();

        Assert.Equal(1, _wakes);
        Assert.Equal(Lead.Works, _leadership.Watch());
    }

    [Fact]
    public void A_leader_that_is_late_is_deposed_once_and_finds_out_when_it_returns()
    {
        var step = _leadership.Enter();
        Assert.Equal(Lead.Works, _leadership.Watch());
        _time.Advance(Late);

        Assert.Equal(Lead.IsVacant, _leadership.Watch());
        _time.Advance(Late);
        Assert.NotEqual(Lead.IsVacant, _leadership.Watch());
        Assert.False(_leadership.TryLeave(step));
    }

    [Fact]
    public void The_successor_of_a_late_leader_can_be_late_too()
    {
        _leadership.Enter();
        _leadership.Watch();
        _time.Advance(Late);
        Assert.Equal(Lead.IsVacant, _leadership.Watch());

        var step = _leadership.Enter();
        Assert.Equal(Lead.Works, _leadership.Watch());
        _time.Advance(Late);

        Assert.Equal(Lead.IsVacant, _leadership.Watch());
        Assert.False(_leadership.TryLeave(step));
    }

    [Fact]
    public void However_often_the_watch_looks_a_leader_has_its_time()
    {
        var step = _leadership.Enter();
        for (var look = 0; look < 10; look++)
        {
            Assert.Equal(Lead.Works, _leadership.Watch());
            _time.Advance(Late / 11);
        }

        Assert.True(_leadership.TryLeave(step));
    }

    [Fact]
    public void A_leader_that_takes_many_steps_is_not_late()
    {
        for (var look = 0; look < 10; look++)
        {
            Work();
            var step = _leadership.Enter();
            Assert.Equal(Lead.Works, _leadership.Watch());
            _time.Advance(Late);
            Assert.True(_leadership.TryLeave(step));
        }
    }

    [Fact]
    public void After_a_quiet_while_the_watch_rests_until_the_next_step()
    {
        Work();
        Assert.Equal(Lead.Works, _leadership.Watch());
        _time.Advance(Late);
        Assert.Equal(Lead.Rests, _leadership.Watch());

        Work();

        Assert.Equal(2, _wakes);
        Assert.Equal(Lead.Works, _leadership.Watch());
    }

    private void Work() => Assert.True(_leadership.TryLeave(_leadership.Enter()));
}
