namespace Grid.Kernel.Tests.Compute;

/// <summary>Jobs wait at their submitter until a node has room for them.</summary>
[Trait("Lane", "loopback")]
public sealed class LateBindingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_that_joins_takes_over_what_waits()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var gate = Gate.NewName();
        var done = Gate.NewName();
        var job = BlockOnFirstWorker(gate, done);
        var calls = Enumerable.Range(0, 10).Select(_ => cluster.Client.RunAsync(job)).ToArray();
        await Gate.Named(gate).WaitForArrivalsAsync();

        await cluster.AddAsync();

        await Gate.Named(done).WaitForArrivalsAsync(8);
        Assert.Equal((1, 8), (Gate.Named(gate).Count, Gate.Named(done).Count));
        Gate.Named(gate).Open();
        await Task.WhenAll(calls).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_small_call_does_not_wait_behind_a_large_one()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var name = Gate.NewName();
        var large = cluster.Client.MapAsync(Enumerable.Range(0, 60), x =>
        {
            if (x == 0)
            {
                Gate.Named(name).ArriveAndBlock();
            }

            Journal.Write(name, x);
            return x;
        });
        await Gate.Named(name).WaitForArrivalsAsync();
        var small = cluster.Client.RunAsync(() => Journal.Write(name, -1));

        Gate.Named(name).Open();
        await Task.WhenAll(large, small).WaitAsync(Patience);

        Assert.InRange(Array.IndexOf(Journal.Read(name), -1), 1, 6);
        Assert.Equal(61, Journal.Read(name).Length);
    }

    [Fact]
    public async Task Held_jobs_that_are_cancelled_or_out_of_time_end_where_they_are()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var gate = Gate.NewName();
        using var cancel = new CancellationTokenSource();
        var blocked = cluster.Client.RunAsync(BlockOnFirstWorker(gate, gate));
        await Gate.Named(gate).WaitForArrivalsAsync();
        var next = cluster.Client.CallAsync(static () => 1);
        var cancelled = Enumerable.Range(0, 3_000).Select(_ => cluster.Client.CallAsync(static () => 2, cancel.Token)).ToArray();
        var late = cluster.Client.With(new JobOptions { Timeout = TimeSpan.FromMilliseconds(20) }).CallAsync(static () => 3);

        await cancel.CancelAsync();
        await Assert.ThrowsAsync<JobTimeoutException>(() => late.WaitAsync(Patience));
        Assert.All(cancelled, call => Assert.True(call.IsCanceled));
        var last = cluster.Client.CallAsync(static () => 4);
        Gate.Named(gate).Open();

        await blocked.WaitAsync(Patience);
        Assert.Equal((1, 4), (await next.WaitAsync(Patience), await last.WaitAsync(Patience)));
    }

    [Fact]
    public async Task Held_jobs_wait_for_another_node_when_theirs_is_lost()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var gate = Gate.NewName();
        var job = WaitOnFirstWorker(gate);
        var calls = Enumerable.Range(0, 20).Select(_ => cluster.Client.CallAsync(job)).ToArray();
        await Gate.Named(gate).WaitForArrivalsAsync();

        await cluster.Workers[0].KillAsync();
        await cluster.WaitForClientToSeeAsync(0);
        await cluster.AddAsync();

        Assert.All(await Task.WhenAll(calls).WaitAsync(Patience), name => Assert.Equal("worker-2", name));
    }

    [Fact]
    public async Task Held_jobs_end_with_their_grid()
    {
        var cluster = await TestCluster.StartAsync(1);
        var gate = Gate.NewName();
        var job = WaitOnFirstWorker(gate);
        var calls = Enumerable.Range(0, 20).Select(_ => cluster.Client.CallAsync(job)).ToArray();
        await Gate.Named(gate).WaitForArrivalsAsync();

        await cluster.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(calls).WaitAsync(Patience));
        Assert.All(calls, call => Assert.True(call.IsCompleted));
    }

    [Fact]
    public async Task Nested_work_of_every_depth_finds_room()
    {
        await using var cluster = await TestCluster.StartAsync(2);

        var sums = await cluster.Client.MapAsync(Enumerable.Range(0, 40), static x => Nest(x, 3)).WaitAsync(Patience);

        Assert.All(sums, (sum, x) => Assert.Equal(8 * x, sum));
    }

    // Made outside of the tests, so that the jobs capture names and nothing else.
    private static Action BlockOnFirstWorker(string gate, string done) => () =>
    {
        if (JobContext.Current!.Node.Name == "worker-1")
        {
            Gate.Named(gate).ArriveAndBlock();
        }

        Gate.Named(done).Arrive();
    };

    private static Func<IJobContext, Task<string>> WaitOnFirstWorker(string gate) => async job =>
    {
        if (job.Node.Name == "worker-1")
        {
            Gate.Named(gate).Arrive();
            await Task.Delay(Timeout.Infinite, job.CancellationToken);
        }

        return job.Node.Name;
    };

    private static int Nest(int x, int depth)
    {
        if (depth == 0)
        {
            return x;
        }

        // A thread of the node's may block for this: the lane lends its slot.
        var nested = JobContext.Current!.Grid.MapAsync([x, x], item => Nest(item, depth - 1));
        return nested.GetAwaiter().GetResult().Sum();
    }
}
