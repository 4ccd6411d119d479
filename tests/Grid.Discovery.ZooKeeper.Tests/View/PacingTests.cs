using Grid.Discovery.ZooKeeper.View;

namespace Grid.Discovery.ZooKeeper.Tests.View;

public sealed class PacingTests
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongAgo = TimeSpan.FromHours(1);
    private static readonly TimeSpan JustNow = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Swift = TimeSpan.FromMilliseconds(5);
    private readonly ReadPacer _pacer = new(new ZooKeeperDiscoveryOptions());

    [Theory]
    [InlineData(3, 20)]
    [InlineData(200, 20)]
    [InlineData(1000, 100)]
    [InlineData(100_000, 1000)]
    public void The_delay_grows_with_the_members_between_its_bounds(int members, int expectedMilliseconds)
    {
        _pacer.OnListed(Start, (members, 0), isOutdated: false);
        _pacer.OnRead(Start, 1, Swift);

        Assert.Equal(TimeSpan.FromMilliseconds(expectedMilliseconds), _pacer.NextDelayMax(Start, LongAgo));
    }

    [Fact]
    public void Changes_that_follow_one_another_are_read_ever_more_seldom_until_it_is_calm()
    {
        List<double> delays = [];
        foreach (var since in new[] { LongAgo, JustNow, JustNow, JustNow, JustNow, LongAgo })
        {
            delays.Add(_pacer.NextDelayMax(Start, since).TotalMilliseconds);
            _pacer.OnListed(Start, (10, 1), isOutdated: false);
            _pacer.OnRead(Start, 1, Swift);
        }

        Assert.Equal([20, 80, 320, 1000, 1000, 20], delays);
    }

    [Fact]
    public void A_read_that_brought_many_makes_the_next_wait_longest()
    {
        _pacer.OnListed(Start, (100, 8), isOutdated: false);
        _pacer.OnRead(Start, 8, Swift);

        Assert.Equal(TimeSpan.FromSeconds(1), _pacer.NextDelayMax(Start, JustNow));
        Assert.Equal(TimeSpan.FromMilliseconds(20), _pacer.NextDelayMax(Start, LongAgo));
    }

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(300, 300)]
    [InlineData(1, 200)]
    public void When_many_have_gone_those_that_are_left_wait_no_longer_than_they_are_many(int left, int expectedMilliseconds)
    {
        _pacer.OnListed(Start, (left, 0), isOutdated: false);
        _pacer.OnRead(Start, 8, Swift);

        Assert.Equal(TimeSpan.FromMilliseconds(expectedMilliseconds), _pacer.NextDelayMax(Start, JustNow));
    }

    [Theory]
    [InlineData(0.2, 1)]
    [InlineData(1, 2)]
    [InlineData(60, 10)]
    public void Slow_reads_are_spread_over_twice_what_they_take(double takenSeconds, double expectedSeconds)
    {
        _pacer.OnListed(Start, (1000, 8), isOutdated: false);
        _pacer.OnRead(Start, 8, TimeSpan.FromSeconds(takenSeconds));

        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), _pacer.NextDelayMax(Start, JustNow));
    }

    [Fact]
    public void A_list_that_is_old_when_it_comes_is_put_off_twice_and_for_longer_than_half_the_bound()
    {
        Assert.False(_pacer.OnListed(Start, (10, 10), isOutdated: true));
        Assert.Equal(TimeSpan.FromSeconds(0.5), _pacer.NextDelay(Start, LongAgo, chance: 0));
        Assert.Equal(TimeSpan.FromSeconds(1), _pacer.NextDelay(Start, LongAgo, chance: 1));
        Assert.False(_pacer.OnListed(Start, (20, 20), isOutdated: true));
        Assert.True(_pacer.OnListed(Start, (30, 30), isOutdated: true));
        Assert.Equal(TimeSpan.Zero, _pacer.NextDelay(Start, LongAgo, chance: 0));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(60, 10)]
    public void What_has_brought_many_for_long_is_waited_for_as_long_again(double lastingSeconds, double expectedSeconds)
    {
        _pacer.OnListed(Start, (100, 100), isOutdated: false);
        _pacer.OnRead(Start, 100, Swift);
        var now = Start + TimeSpan.FromSeconds(lastingSeconds);
        _pacer.OnListed(now, (200, 100), isOutdated: false);
        _pacer.OnRead(now, 100, Swift);

        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds / 2), _pacer.NextDelay(now, JustNow, chance: 0));
        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), _pacer.NextDelay(now, JustNow, chance: 1));

        Assert.Equal(TimeSpan.FromMilliseconds(20), _pacer.NextDelayMax(now, LongAgo));
        _pacer.OnListed(now, (300, 100), isOutdated: false);
        _pacer.OnRead(now, 100, Swift);
        Assert.Equal(TimeSpan.FromSeconds(1), _pacer.NextDelayMax(now, JustNow));
    }

    [Fact]
    public void A_slow_start_counts_as_many_that_come()
    {
        _pacer.FirstDelay(TimeSpan.FromSeconds(2), chance: 0);
        var now = TimeSpan.FromSeconds(4);

        Assert.False(_pacer.OnListed(now, (10, 10), isOutdated: true));
        Assert.Equal(TimeSpan.FromSeconds(4), _pacer.NextDelayMax(now, LongAgo));
    }

    [Fact]
    public void Those_that_see_many_go_do_not_wait_for_as_long_as_it_has_lasted()
    {
        _pacer.OnListed(Start, (100, 100), isOutdated: false);
        _pacer.OnRead(Start, 100, Swift);
        var now = Start + TimeSpan.FromSeconds(4);
        _pacer.OnListed(now, (10, 0), isOutdated: false);
        _pacer.OnRead(now, 90, Swift);

        Assert.Equal(TimeSpan.FromMilliseconds(200), _pacer.NextDelayMax(now, JustNow));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(240, 1, 0)]
    [InlineData(250, 0, 250)]
    [InlineData(300, 1, 600)]
    [InlineData(5000, 1, 5000)]
    public void Only_a_slow_start_waits_before_its_first_read(int takenMilliseconds, double chance, int expectedMilliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(expectedMilliseconds), _pacer.FirstDelay(TimeSpan.FromMilliseconds(takenMilliseconds), chance));

    [Fact]
    public void A_list_without_new_records_is_never_put_off() => Assert.True(_pacer.OnListed(Start, (10, 0), isOutdated: true));

    [Fact]
    public void A_failed_batch_halves_the_next_down_to_what_always_fits()
    {
        var batch = new BatchSize();
        batch.OnFailure();
        Assert.Equal(BatchSize.Max / 2, batch.Current);
        batch.OnSuccess();
        Assert.Equal(BatchSize.Max, batch.Current);
        batch.OnSuccess();
        Assert.Equal(BatchSize.Max, batch.Current);

        for (var i = 0; i < 100; i++)
        {
            batch.OnFailure();
        }

        Assert.Equal(BatchSize.Min, batch.Current);
    }

    [Fact]
    public void Marks_go_in_the_second_sweep_that_sees_them()
    {
        var sweep = new TombstoneSweep();

        Assert.Empty(sweep.OnListed(["a", "b"]));
        Assert.Equal(["b"], sweep.OnListed(["b", "c"]));
        Assert.Equal(["c"], sweep.OnListed(["c"]));
        Assert.Empty(sweep.OnListed(["c"]));
    }
}
