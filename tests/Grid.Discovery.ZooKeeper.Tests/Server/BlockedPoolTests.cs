using Grid.Discovery.ZooKeeper.Session;
using Grid.ZooKeeper.Tests.Server;

namespace Grid.Discovery.ZooKeeper.Tests.Server;

[Trait("Lane", "server")]
[Collection(nameof(BlockedPoolGroup))]
public sealed class BlockedPoolTests(Standalone standalone) : IClassFixture<Standalone>
{
    /// <summary>Far more than the pool starts while the test runs.</summary>
    private const int Blockers = 2000;

    [SkippableFact]
    public void Members_join_change_and_leave_while_the_thread_pool_is_blocked()
    {
        var servers = Needs.Servers(standalone.Servers);
        var options = new ZooKeeperDiscoveryOptions { ConnectionString = servers.ConnectString, Cluster = $"pool-{Guid.NewGuid():n}", SessionTimeout = TimeSpan.FromSeconds(10) };
        var release = new ManualResetEventSlim(); // Not disposed: work items that the pool has not begun yet ask it later.
        using var thread = new DiscoveryThread(TimeProvider.System);
        for (var i = 0; i < Blockers; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Wait(), release, preferLocal: false);
        }

        try
        {
            Assert.True(thread.RunAsync(() => LiveAsync(options)).Wait(TimeSpan.FromSeconds(60)), "Something waited for the thread pool.");
            Assert.True(ThreadPool.PendingWorkItemCount > Blockers / 2, "The pool was not blocked.");
        }
        finally
        {
            release.Set();
        }
    }

    // Runs on a thread of its own and resumes there, as the kernel's membership does.
    private static async Task LiveAsync(ZooKeeperDiscoveryOptions options)
    {
        var first = new ZooKeeperDiscovery(options);
        var second = new ZooKeeperDiscovery(options);
        await first.StartAsync(NodeRecords.Number(1), CancellationToken.None).ConfigureAwait(true);
        await second.StartAsync(NodeRecords.Number(2), CancellationToken.None).ConfigureAwait(true);
        var update = second.UpdateAsync(NodeRecords.Number(2) with { Slots = 99 }, CancellationToken.None);
        await foreach (var snapshot in first.WatchAsync(CancellationToken.None).ConfigureAwait(true))
        {
            if (snapshot.Members.Any(member => member.Slots == 99))
            {
                break;
            }
        }

        await update.ConfigureAwait(true);
        Assert.True(first.HoldsMembership && second.HoldsMembership);
    }
}
