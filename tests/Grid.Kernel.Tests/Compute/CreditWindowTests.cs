using Grid.Kernel.Compute.Submission;

namespace Grid.Kernel.Tests.Compute;

[Trait("Lane", "pure")]
public sealed class CreditWindowTests
{
    private const long Period = 1000;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(4, 6)]
    [InlineData(64, 81)]
    public void A_node_of_which_nothing_is_known_gets_what_its_slots_need_and_a_little_more(int slots, int expected)
    {
        var window = new CreditWindow();

        Assert.True(window.HasRoom(slots, expected - 1, ended: 0, now: 5, Period));
        Assert.False(window.HasRoom(slots, expected, ended: 0, now: 5, Period));
    }

    [Fact]
    public void What_ended_within_the_period_may_be_under_way_again()
    {
        var window = new CreditWindow();
        Assert.False(window.HasRoom(4, 6, ended: 1_000, now: 0, Period));

        Assert.True(window.HasRoom(4, 6, ended: 1_007, now: 10, Period));
        Assert.True(window.HasRoom(4, 499, ended: 1_500, now: 20, Period));
        Assert.False(window.HasRoom(4, 500, ended: 1_500, now: 20, Period));
    }

    [Fact]
    public void The_window_lasts_through_the_next_period_and_is_forgotten_after_it()
    {
        var window = new CreditWindow();
        window.HasRoom(4, 6, ended: 0, now: 0, Period);

        Assert.True(window.HasRoom(4, 499, ended: 500, now: 1000, Period));
        Assert.True(window.HasRoom(4, 499, ended: 500, now: 1999, Period));
        Assert.False(window.HasRoom(4, 6, ended: 500, now: 2000, Period));
    }

    [Fact]
    public void A_process_that_was_not_running_for_some_periods_goes_on_with_their_mean()
    {
        var window = new CreditWindow();
        window.HasRoom(4, 6, ended: 0, now: 0, Period);

        Assert.True(window.HasRoom(4, 999, ended: 5000, now: 5000, Period));
        Assert.False(window.HasRoom(4, 1000, ended: 5000, now: 5000, Period));
    }

    [Fact]
    public void After_a_rest_nothing_is_believed_of_before()
    {
        var window = new CreditWindow();
        window.HasRoom(4, 6, ended: 0, now: 0, Period);

        Assert.False(window.HasRoom(4, 6, ended: 100_000, now: 50_000, Period));
    }

    /// <summary>Four slots, and each has ended one job within ten periods, or three.</summary>
    [Theory]
    [InlineData(4, 4)]
    [InlineData(12, 6)]
    public void A_node_whose_jobs_run_for_long_gets_none_to_wait_there(int ended, int expected)
    {
        var window = new CreditWindow();
        window.HasRoom(4, 6, ended: 0, now: 0, Period);

        Assert.True(window.HasRoom(4, expected - 1, ended, now: 10 * Period, Period));
        Assert.False(window.HasRoom(4, expected, ended, now: 10 * Period, Period));
        Assert.False(window.HasRoom(4, expected, ended, now: 11 * Period, Period));
    }

    [Fact]
    public void A_node_that_had_nothing_to_end_for_a_while_counts_as_unknown()
    {
        var window = new CreditWindow();
        window.HasRoom(4, 6, ended: 0, now: 0, Period);
        window.HasRoom(4, 6, ended: 1, now: 10 * Period, Period);

        Assert.True(window.HasRoom(4, 5, ended: 1, now: 40 * Period, Period));
    }

    [Fact]
    public void The_count_of_ended_jobs_may_wrap_around()
    {
        var window = new CreditWindow();
        window.HasRoom(1, 2, ended: int.MaxValue - 1, now: 0, Period);

        Assert.True(window.HasRoom(1, 9, ended: unchecked(int.MaxValue + 9), now: 1, Period));
        Assert.False(window.HasRoom(1, 10, ended: unchecked(int.MaxValue + 9), now: 1, Period));
    }
}
