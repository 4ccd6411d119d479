using Grid.Discovery.ZooKeeper.Session;

namespace Grid.Discovery.ZooKeeper.Tests.Session;

public sealed class DiscoveryThreadTests
{
    [Fact]
    public async Task Providers_share_the_thread_of_the_process_until_the_last_has_gone()
    {
        using var first = DiscoveryThread.Take(TimeProvider.System);
        var second = DiscoveryThread.Take(TimeProvider.System);
        Assert.Same(first, second);

        second.Dispose();

        Assert.Equal("grid-zk-discovery", await first.RunAsync(() => Task.FromResult(Thread.CurrentThread.Name)));
    }

    [Fact]
    public void Whoever_goes_by_a_clock_of_its_own_has_a_thread_of_its_own()
    {
        using var shared = DiscoveryThread.Take(TimeProvider.System);
        using var own = DiscoveryThread.Take(new OwnClock());

        Assert.NotSame(shared, own);
    }

    private sealed class OwnClock : TimeProvider;
}
