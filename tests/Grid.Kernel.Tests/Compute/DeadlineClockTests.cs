using Grid.Kernel.Compute;
using Grid.Testing;

namespace Grid.Kernel.Tests.Compute;

[Trait("Lane", "pure")]
public sealed class DeadlineClockTests
{
    [Fact]
    public void Deadlines_fire_in_the_order_of_their_times_and_not_before()
    {
        var time = new ManualTimeProvider();
        using var clock = new DeadlineClock(time, "test");
        var fired = new List<object>();
        foreach (var seconds in new[] { 3, 1, 2 })
        {
            clock.Arm(clock.After(TimeSpan.FromSeconds(seconds)), fired.Add, seconds);
        }

        time.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.Equal([1], fired);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([1, 2, 3], fired);
    }

    [Fact]
    public void A_cancelled_deadline_never_fires()
    {
        var time = new ManualTimeProvider();
        using var clock = new DeadlineClock(time, "test");
        var fired = new List<object>();
        var cancelled = clock.Arm(clock.After(TimeSpan.FromSeconds(1)), fired.Add, "cancelled");
        clock.Arm(clock.After(TimeSpan.FromSeconds(1)), fired.Add, "kept");

        cancelled.Cancel();
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["kept"], fired);
        Assert.False(cancelled.IsArmed);
    }

    [Fact]
    public void Many_cancelled_deadlines_do_not_hide_the_live_ones()
    {
        var time = new ManualTimeProvider();
        using var clock = new DeadlineClock(time, "test");
        var fired = new List<object>();
        for (var number = 0; number < 10_000; number++)
        {
            var deadline = clock.Arm(clock.After(TimeSpan.FromSeconds(1 + (number % 7))), fired.Add, number);
            if (number % 1000 != 0)
            {
                deadline.Cancel();
            }
        }

        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000], fired.Cast<int>().Order());
    }

    [Fact]
    public void On_the_systems_clock_a_deadline_fires_while_the_shared_pool_is_blocked()
    {
        var release = new ManualResetEventSlim(); // Not disposed: work items that start late still wait on it.
        using var fired = new ManualResetEventSlim();
        using var clock = new DeadlineClock(TimeProvider.System, "test");
        ThreadPool.GetMinThreads(out var workers, out _);
        for (var i = 0; i < workers * 4; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => release.Wait(), null);
        }

        clock.Arm(clock.After(TimeSpan.FromMilliseconds(1)), state => ((ManualResetEventSlim)state).Set(), fired);

        Assert.True(fired.Wait(TimeSpan.FromSeconds(30)), "the deadline did not fire while the pool was blocked");
        release.Set();
    }

    [Fact]
    public void After_disposal_nothing_fires()
    {
        var time = new ManualTimeProvider();
        var clock = new DeadlineClock(time, "test");
        var fired = new List<object>();
        clock.Arm(clock.After(TimeSpan.FromSeconds(1)), fired.Add, "before");
        clock.Dispose();
        clock.Arm(clock.After(TimeSpan.FromSeconds(1)), fired.Add, "after");

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Empty(fired);
    }
}
