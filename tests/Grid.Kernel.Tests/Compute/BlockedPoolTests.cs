using System.Diagnostics;
using System.Globalization;
using Grid.Kernel.Tests.Membership;

namespace Grid.Kernel.Tests.Compute;

/// <summary>
/// Invariant 2 for whole nodes: jobs block every thread of the shared pool, and calls go on. GRID_BLOCKED_POOL_SECONDS says for how long.
/// </summary>
[Trait("Lane", "loopback")]
[Collection(nameof(ThreadPoolCollection))]
public sealed class BlockedPoolTests
{
    private const int CallsMin = 500;
    private static readonly TimeSpan HangGuard = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Calls_to_other_nodes_complete_on_their_first_attempt_while_jobs_block_the_whole_pool()
    {
        await using var cluster = await TestCluster.StartAsync(3, slots: 2);
        var caller = new Caller(cluster.Client, TimeSpan.FromSeconds(SecondsFromEnvironment()));
        var thread = new Thread(() => caller.BlockThenRun(BlockPool)) { IsBackground = true };

        // The test's own continuations need the pool too: it waits on its thread until the calls are done.
        thread.Start();
        var hasEnded = thread.Join(HangGuard);
        var isBlocked = !IsPoolFree();
        Hold.Release.Set();

        Assert.True(hasEnded, $"after {caller.Calls} calls they stood still");
        Assert.True(isBlocked, "the pool was not blocked: the test shows nothing");
        Assert.Null(caller.Failure);
        Assert.InRange(caller.Calls, CallsMin, int.MaxValue);
        Assert.Equal(1, caller.AttemptsMax);
    }

    /// <summary>What a job can do to its process: far more blocking work than the pool has threads, and more than it adds in a test's time.</summary>
    private static void BlockPool()
    {
        for (var i = 0; i < 1000; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static _ => Hold.Release.Wait(HangGuard), null);
        }
    }

    private static bool IsPoolFree()
    {
        // Whatever the calls left in the pool waits behind the blocking items.
        return ThreadPool.PendingWorkItemCount == 0;
    }

    private static int SecondsFromEnvironment() =>
        int.TryParse(Environment.GetEnvironmentVariable("GRID_BLOCKED_POOL_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 1;

    private static class Hold
    {
        public static readonly ManualResetEventSlim Release = new();
    }

    /// <summary>Calls one node after another, waiting on its own thread each time.</summary>
    private sealed class Caller(IGrid grid, TimeSpan hold)
    {
        public int Calls { get; private set; }

        public int AttemptsMax { get; private set; }

        public Exception? Failure { get; private set; }

        public void BlockThenRun(Action blockPool)
        {
            try
            {
                grid.RunAsync(blockPool).GetAwaiter().GetResult();
                for (var clock = Stopwatch.StartNew(); Calls < CallsMin || clock.Elapsed < hold; Calls++)
                {
                    var attempt = grid.CallAsync(static () => JobContext.Current!.Attempt).GetAwaiter().GetResult();
                    AttemptsMax = Math.Max(AttemptsMax, attempt);
                }
            }
            catch (Exception exception)
            {
                Failure = exception;
            }
        }
    }
}
