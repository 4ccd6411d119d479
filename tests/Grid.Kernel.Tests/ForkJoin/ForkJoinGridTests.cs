using Grid.Kernel.Tests.Compute;

namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>Computations as users start them, on whole nodes.</summary>
[Trait("Lane", "loopback")]
public sealed class ForkJoinGridTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(3, 2)]
    public async Task A_client_gets_the_result(int nodes, int slots)
    {
        await using var cluster = await TestCluster.StartAsync(nodes, slots);

        var results = await Task.WhenAll(Enumerable.Range(15, 6).Select(n => cluster.Client.InvokeAsync(new Fib(n))));

        Assert.Equal([610, 987, 1597, 2584, 4181, 6765], results);
    }

    [Fact]
    public async Task The_callers_object_stays_as_it_was_and_can_be_sent_again()
    {
        await using var cluster = await TestCluster.StartAsync(1, slots: 2);
        var root = new Fib(12);

        Assert.Equal(144, await cluster.Client.InvokeAsync(root));
        Assert.Equal(144, await cluster.Client.InvokeAsync(root));
    }

    [Fact]
    public async Task A_failure_arrives_as_itself_with_the_stack_of_the_node()
    {
        await using var cluster = await TestCluster.StartAsync(1, slots: 2);

        var thrown = await Assert.ThrowsAsync<FormatException>(() => cluster.Client.InvokeAsync(new Code<int>(() => Code<int>.ForkNew(() => FailDeepInside()).Join())));

        Assert.Contains(nameof(FailDeepInside), thrown.ToString(), StringComparison.Ordinal);
        static int FailDeepInside() => throw new FormatException("from inside");
    }

    [Fact]
    public async Task A_cancelled_computation_leaves_the_node_free()
    {
        await using var cluster = await TestCluster.StartAsync(1, slots: 2);
        using var cancellation = new CancellationTokenSource();
        var name = Gate.NewName();
        var run = cluster.Client.InvokeAsync(new Weed(name), cancellation.Token);
        await Gate.Named(name).WaitForArrivalsAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        var others = await Task.WhenAll(cluster.Client.InvokeAsync(new Fib(10)), cluster.Client.InvokeAsync(new Fib(10)));
        Assert.Equal([55L, 55L], others);
    }

    [Fact]
    public async Task A_job_gets_a_slot_while_a_computation_uses_all_of_them()
    {
        await using var cluster = await TestCluster.StartAsync(1, slots: 2);
        using var cancellation = new CancellationTokenSource();
        var name = Gate.NewName();
        var run = cluster.Client.InvokeAsync(new Weed(name), cancellation.Token);
        await Gate.Named(name).WaitForArrivalsAsync();

        // The computation has no end; its helper, between two of its tasks, makes way.
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i, await cluster.Client.CallAsync(n => n, i));
        }

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_task_waits_for_nested_work_on_the_slot_of_its_own_computation(int slots)
    {
        await using var cluster = await TestCluster.StartAsync(1, slots);

        var sum = await cluster.Client.InvokeAsync(new Code<long>(() =>
        {
            var left = Code<long>.ForkNew(() => Nested(10));
            return Nested(11) + left.Join();
        }));

        Assert.Equal(55 + 89, sum);
        static long Nested(int n) => ForkJoinTask.WaitFor(JobContext.Current!.Grid.InvokeAsync(new Fib(n)));
    }

    [Fact]
    public async Task A_worker_that_joins_lends_its_slot_to_the_nested_work_of_the_thief()
    {
        await using var cluster = await TestCluster.StartAsync(1, slots: 1);

        var result = await cluster.Client.InvokeAsync(new Code<long>(() =>
        {
            // The fork is taken while the root waits for it to start; then the root joins it, and it needs the only slot.
            var started = new TaskCompletionSource();
            var left = Code<long>.ForkNew(() =>
            {
                started.SetResult();
                return ForkJoinTask.WaitFor(JobContext.Current!.Grid.InvokeAsync(new Fib(10)));
            });
            ForkJoinTask.WaitFor(started.Task);
            return left.Join();
        })).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(55, result);
    }

    [Fact]
    public async Task A_root_that_has_failed_lends_its_slot_until_the_others_have_left()
    {
        await using var cluster = await TestCluster.StartAsync(1, slots: 1);

        var run = cluster.Client.InvokeAsync(new Code<long>(() =>
        {
            var started = new TaskCompletionSource();
            Code<long>.ForkNew(() =>
            {
                started.SetResult();
                return ForkJoinTask.WaitFor(JobContext.Current!.Grid.InvokeAsync(new Fib(10)));
            });
            ForkJoinTask.WaitFor(started.Task);
            throw new FormatException("the root failed");
        }));

        await Assert.ThrowsAsync<FormatException>(() => run.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Every_task_sees_the_job_that_its_computation_is()
    {
        await using var cluster = await TestCluster.StartAsync(1, slots: 4);

        var ids = await cluster.Client.InvokeAsync(new Jobs(10));

        Assert.Single(ids);
    }

    [Fact]
    public async Task A_node_at_rest_after_a_computation_holds_no_slot()
    {
        await using var cluster = await TestCluster.StartAsync(1, slots: 4);
        await cluster.Client.InvokeAsync(new Fib(20));

        // Four jobs at once show that all four slots are there.
        var name = Gate.NewName();
        var jobs = cluster.Client.MapAsync(Enumerable.Repeat(name, 4), Arrive);
        await Gate.Named(name).WaitForArrivalsAsync(4);
        Gate.Named(name).Open();
        Assert.Equal(4, (await jobs).Length);
        static int Arrive(string name)
        {
            Gate.Named(name).ArriveAndBlock();
            return 0;
        }
    }

    /// <summary>Forks for ever, a little at a time.</summary>
    private sealed class Weed(string name) : ForkJoinTask<long>
    {
        protected override long Compute()
        {
            Gate.Named(name).Arrive();
            for (var sum = 0L; ; sum++)
            {
                var left = new Fib(5);
                left.Fork();
                sum += new Fib(4).Invoke() + left.Join();
            }
        }
    }

    private sealed class Jobs(int height) : ForkJoinTask<HashSet<string>>
    {
        protected override HashSet<string> Compute()
        {
            HashSet<string> ids = [JobContext.Current!.JobId.ToString()];
            if (height > 0)
            {
                var left = new Jobs(height - 1);
                left.Fork();
                ids.UnionWith(new Jobs(height - 1).Invoke());
                ids.UnionWith(left.Join());
            }

            return ids;
        }
    }
}
