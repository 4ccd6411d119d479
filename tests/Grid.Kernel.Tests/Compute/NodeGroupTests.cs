using Grid.Kernel.Compute;

namespace Grid.Kernel.Tests.Compute;

/// <summary>The compute surface of whole nodes over sockets.</summary>
[Trait("Lane", "loopback")]
public sealed class NodeGroupTests
{
    [Fact]
    public async Task Every_overload_runs_its_job_on_a_worker()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var grid = cluster.Client;
        var name = Gate.NewName();

        await grid.RunAsync(() => Gate.Named(name).Arrive());
        await grid.RunAsync(async () => await Task.Run(() => Gate.Named(name).Arrive()));
        await grid.RunAsync(async context => await Task.Run(() => Gate.Named(name).Arrive(), context.CancellationToken));

        Assert.Equal(3, Gate.Named(name).Count);
        Assert.Equal(1, await grid.CallAsync(() => 1));
        Assert.Equal(2, await grid.CallAsync(async () => await Task.FromResult(2)));
        Assert.Equal("worker", await grid.CallAsync(context => Task.FromResult(context.Node.Name[..6])));
        Assert.Equal(9, await grid.CallAsync(static x => x * x, 3));
        Assert.Equal("ab", await grid.CallAsync(static async s => await Task.FromResult(s + "b"), "a"));
    }

    [Fact]
    public async Task Map_returns_results_in_the_order_of_the_items()
    {
        await using var cluster = await TestCluster.StartAsync(3);

        var squares = await cluster.Client.MapAsync(Enumerable.Range(0, 1000), x => x * x);

        Assert.Equal(Enumerable.Range(0, 1000).Select(x => x * x), squares);
    }

    [Fact]
    public async Task Map_of_no_items_returns_no_results()
    {
        await using var cluster = await TestCluster.StartAsync(1);

        Assert.Empty(await cluster.Client.MapAsync(Array.Empty<int>(), x => x));
    }

    [Fact]
    public async Task Map_reduce_folds_in_the_order_of_the_items()
    {
        await using var cluster = await TestCluster.StartAsync(3);

        var text = await cluster.Client.MapReduceAsync("abcdefgh", c => char.ToUpperInvariant(c), "", (all, c) => all + c);

        Assert.Equal("ABCDEFGH", text);
    }

    [Fact]
    public async Task A_stream_yields_every_result_once_with_a_bounded_number_in_flight()
    {
        await using var cluster = await TestCluster.StartAsync(2, options: new TestClusterOptions { Compute = new ComputeOptions { InFlightMax = 4 } });

        var results = new List<int>();
        await foreach (var result in cluster.Client.StreamAsync(CountAsync(200), x => x + 1))
        {
            results.Add(result);
        }

        Assert.Equal(Enumerable.Range(1, 200), results.Order());
    }

    [Fact]
    public async Task Leaving_a_stream_early_cancels_what_is_under_way()
    {
        await using var cluster = await TestCluster.StartAsync(1, slots: 2);

        await foreach (var result in cluster.Client.StreamAsync(CountAsync(int.MaxValue), x => x))
        {
            Assert.InRange(result, 0, 100_000);
            break;
        }

        Assert.Equal(1, await cluster.Client.CallAsync(() => 1));
    }

    [Fact]
    public async Task Broadcast_runs_once_on_every_node_and_keeps_failures_apart()
    {
        await using var cluster = await TestCluster.StartAsync(3);

        var results = await cluster.Client.BroadcastAsync(() =>
            JobContext.Current!.Node.Name == "worker-2" ? throw new InvalidOperationException("not here") : JobContext.Current.Node.Name);

        Assert.Equal(["worker-1", "worker-2", "worker-3"], results.Select(result => result.Node.Name));
        Assert.Equal([true, false, true], results.Select(result => result.IsSuccess));
        Assert.Equal("worker-3", results[2].Value);
        Assert.Equal("not here", results[1].Exception!.Message);
    }

    [Fact]
    public async Task Without_nodes_a_job_says_in_the_end_that_there_is_none()
    {
        await using var cluster = await TestCluster.StartAsync(0, options: new TestClusterOptions { Compute = new ComputeOptions { PlacementTimeout = TimeSpan.FromMilliseconds(50) } });

        var exception = await Assert.ThrowsAsync<NoEligibleNodeException>(() => cluster.Client.CallAsync(() => 1));

        Assert.Contains("has no worker nodes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_restricts_and_the_exception_says_why_each_node_is_excluded()
    {
        await using var cluster = await TestCluster.StartAsync(2);

        Assert.Equal("worker-2", await cluster.Client.Where(NodeSelector.ByName("worker-2")).CallAsync(context => Task.FromResult(context.Node.Name)));
        var nobody = cluster.Client.Where(NodeSelector.WithAttribute("zone", "moon"));
        var exception = await Assert.ThrowsAsync<NoEligibleNodeException>(() => nobody.CallAsync(() => 1));

        Assert.Empty(nobody.Nodes);
        Assert.Equal(["has no attribute zone", "has no attribute zone"], exception.Exclusions.Select(exclusion => exclusion.Reason));
        Assert.Contains("worker-1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_jobs_exception_arrives_as_itself_with_the_remote_stack()
    {
        await using var cluster = await TestCluster.StartAsync(1);

        var exception = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.Client.CallAsync(ThrowDeep));

        Assert.Equal("depth", exception.ParamName);
        Assert.Contains(nameof(ThrowDeep), exception.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_ends_at_once_and_cancels_the_job()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        string arrived = Gate.NewName(), cancelled = Gate.NewName();
        using var source = new CancellationTokenSource();
        var call = cluster.Client.RunAsync(
            async context =>
            {
                Gate.Named(arrived).Arrive();
                try
                {
                    await Task.Delay(Timeout.Infinite, context.CancellationToken);
                }
                finally
                {
                    Gate.Named(cancelled).Arrive();
                }
            },
            source.Token);
        await Gate.Named(arrived).WaitForArrivalsAsync();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Gate.Named(cancelled).WaitForArrivalsAsync();
    }

    [Fact]
    public async Task A_job_that_takes_too_long_times_out_and_is_cancelled()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await cluster.Client.RunAsync(() => { });
        var cancelled = Gate.NewName();
        var job = RunForEver(cancelled);
        var hasty = cluster.Client.With(new JobOptions { Timeout = TimeSpan.FromMilliseconds(50), Name = "hasty" });

        var exception = await Assert.ThrowsAsync<JobTimeoutException>(() => hasty.RunAsync(job));

        Assert.Contains("hasty", exception.Message, StringComparison.Ordinal);
        await Gate.Named(cancelled).WaitForArrivalsAsync();
    }

    [Fact]
    public async Task A_deadline_travels_into_nested_work()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var bounded = cluster.Client.With(new JobOptions { Timeout = TimeSpan.FromMinutes(5) });

        var (outer, inner) = await bounded.CallAsync(async context =>
        {
            var nested = await context.Grid.CallAsync(child => Task.FromResult(child.Remaining));
            return (context.Remaining, nested);
        });

        Assert.NotNull(outer);
        Assert.InRange(inner!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.Null(await cluster.Client.CallAsync(context => Task.FromResult(context.Remaining)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Nested_jobs_of_depth_five_run_on_one_slot_per_node(int workers)
    {
        await using var cluster = await TestCluster.StartAsync(workers, slots: 1);

        Assert.Equal(32, await cluster.Client.CallAsync(context => Recursion.CountLeavesAsync(context, 5)));
    }

    [Fact]
    public async Task Nested_jobs_that_block_their_thread_run_on_one_slot_per_node_too()
    {
        await using var cluster = await TestCluster.StartAsync(1, slots: 1);

        Assert.Equal(6, await cluster.Client.CallAsync(context => Task.FromResult(Recursion.BlockDown(context, 5))));
    }

    [Fact]
    public async Task A_submitted_job_shows_its_progress_and_its_end()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        string reported = Gate.NewName();
        var handle = await cluster.Client.SubmitAsync(async context =>
        {
            context.Progress.Report(new JobProgress(0.5, "half"));
            await Gate.Named(reported).ArriveAndAwaitAsync();
            context.Progress.Report(new JobProgress(1, "all"));
            return "done";
        });

        var seen = new List<JobProgress>();
        await foreach (var progress in handle.ProgressAsync())
        {
            seen.Add(progress);
            Assert.Equal(progress.Fraction < 1 ? JobStatus.Running : handle.Status, handle.Status);
            Gate.Named(reported).Open();
        }

        Assert.Equal("done", await handle.Completion);
        Assert.Equal(JobStatus.Succeeded, handle.Status);
        Assert.Equal(new JobProgress(1, "all"), seen[^1]);
        Assert.Equal("worker-1", handle.Node!.Name);
    }

    [Fact]
    public async Task A_submitted_job_can_be_cancelled_through_its_handle()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var handle = await cluster.Client.SubmitAsync(async context =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return 0;
        });

        handle.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => handle.Completion);
        Assert.Equal(JobStatus.Cancelled, handle.Status);
    }

    [Fact]
    public async Task A_cancellation_that_overtakes_its_job_on_the_way_still_ends_it()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var cargo = new byte[512 * 1024];
        for (var i = 0; i < 50; i++)
        {
            using var source = new CancellationTokenSource();
            var call = cluster.Client.CallAsync(WaitUntilCancelled, cargo, source.Token);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        // The worker has one slot: it comes to this job when all those have ended.
        Assert.Equal(42, await cluster.Client.CallAsync(() => 42).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Disposing_the_client_ends_its_calls_as_cancelled()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var call = cluster.Client.RunAsync(async context => await Task.Delay(Timeout.Infinite, context.CancellationToken));

        await cluster.Client.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.Client.CallAsync(() => 1));
    }

    private static async Task<int> WaitUntilCancelled(byte[] cargo)
    {
        await Task.Delay(Timeout.Infinite, JobContext.Current!.CancellationToken);
        return cargo.Length;
    }

    private static Func<IJobContext, Task> RunForEver(string cancelled) => async context =>
    {
        context.CancellationToken.Register(() => Gate.Named(cancelled).Arrive());
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    };

    private static int ThrowDeep() => throw new ArgumentOutOfRangeException("depth", "too deep");

    private static async IAsyncEnumerable<int> CountAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    private static class Recursion
    {
        public static async Task<int> CountLeavesAsync(IJobContext context, int depth)
        {
            if (depth == 0)
            {
                return 1;
            }

            var halves = await Task.WhenAll(
                context.Grid.CallAsync(child => CountLeavesAsync(child, depth - 1)),
                context.Grid.CallAsync(child => CountLeavesAsync(child, depth - 1)));
            return halves.Sum();
        }

        public static int BlockDown(IJobContext context, int depth) =>
            depth == 0 ? 1 : 1 + context.Grid.CallAsync(child => Task.FromResult(BlockDown(child, depth - 1))).GetAwaiter().GetResult();
    }
}
