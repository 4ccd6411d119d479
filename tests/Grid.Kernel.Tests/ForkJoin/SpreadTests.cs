using Grid.Kernel.ForkJoin;
using Grid.Kernel.Lifecycle;
using Grid.Kernel.Tests.Compute;

namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>Computations that spread over several nodes.</summary>
[Trait("Lane", "loopback")]
public sealed class SpreadTests
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(4, 1)]
    [InlineData(3, 2)]
    public async Task Every_part_is_counted_once_and_every_node_takes_part(int nodes, int slots)
    {
        await using var cluster = await TestCluster.StartAsync(nodes, slots);

        var shares = await CountAsync(cluster, new Spread(16, nodes, Gate.NewName()));

        Assert.Equal((1 << 17) - 1, shares.Values.Sum());
        Assert.Equal(nodes, shares.Count);
    }

    [Fact]
    public async Task A_node_that_joins_takes_part()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var name = Gate.NewName();
        var run = CountAsync(cluster, new Spread(16, 2, name));
        await Gate.Named(name).WaitForArrivalsAsync();

        await cluster.AddAsync();

        Assert.Equal(2, (await run).Count);
    }

    [Fact]
    public async Task What_a_lost_node_had_runs_again()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var name = Gate.NewName();
        var run = CountAsync(cluster, new Spread(16, 3, name));
        await Gate.Named(name).WaitForArrivalsAsync(3);

        // Whichever it is: if it is the home, the job is sent to another node.
        await Thief(cluster).KillAsync();

        Assert.Equal((1 << 17) - 1, (await run).Values.Sum());
    }

    [Fact]
    public async Task A_task_that_is_with_a_node_that_is_lost_runs_again_at_its_victim()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var name = Gate.NewName();
        var run = cluster.Client.InvokeAsync(new Stuck(name, null));
        await Gate.Named(name).WaitForArrivalsAsync();
        var thief = Thief(cluster);
        var home = cluster.Workers.Single(worker => worker != thief);

        // It sits in the task that it has stolen, and will for as long as it lives.
        await thief.KillAsync();

        Assert.Equal(1, await run.WaitAsync(HangGuard));
        Assert.True(home.ForkJoin.Metrics.RunAgain > 0, "the victim ran nothing again");
        Gate.Named(name).Open();
    }

    [Fact]
    public async Task A_computation_of_one_node_stays_there()
    {
        await using var cluster = await TestCluster.StartAsync(3, options: new TestClusterOptions { ForkJoin = new ForkJoinOptions { NodesMax = 1 } });

        var shares = await CountAsync(cluster, new Spread(16, 1, Gate.NewName()));

        Assert.Single(shares);
        Assert.All(cluster.Workers, worker => Assert.Equal(0, worker.ForkJoin.Metrics.Stolen));
    }

    [Fact]
    public async Task A_computation_stays_within_its_group()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var group = cluster.Client.Where(NodeSelector.ByName("worker-1", "worker-3"));

        var shares = await group.InvokeAsync(new Spread(16, 2, Gate.NewName())).WaitAsync(HangGuard);

        Assert.Equal(["worker-1", "worker-3"], shares.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_failure_on_another_node_arrives_as_itself()
    {
        await using var cluster = await TestCluster.StartAsync(2);

        var thrown = await Assert.ThrowsAsync<FormatException>(() => cluster.Client.InvokeAsync(new FailsElsewhere(null)).WaitAsync(HangGuard));

        Assert.Equal("elsewhere", thrown.Message);
    }

    [Fact]
    public async Task A_cancelled_computation_frees_every_node()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var cancellation = new CancellationTokenSource();
        var name = Gate.NewName();
        var run = cluster.Client.InvokeAsync(new Spread(30, 3, name), cancellation.Token);
        await Gate.Named(name).WaitForArrivalsAsync(3);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        foreach (var worker in cluster.Workers)
        {
            await worker.Grid.Where(NodeSelector.ById(worker.LocalNode.Id)).CallAsync(() => 1).WaitAsync(HangGuard);
        }
    }

    [Fact]
    public async Task A_task_that_cannot_travel_is_run_where_it_is()
    {
        await using var cluster = await TestCluster.StartAsync(2);

        var sum = await cluster.Client.InvokeAsync(new Tied(12, null)).WaitAsync(HangGuard);

        Assert.Equal(1 << 12, sum);
    }

    private static GridRuntime Thief(TestCluster cluster) => cluster.Workers.First(worker => worker.ForkJoin.Metrics.Stolen > 0);

    private static Task<Dictionary<string, long>> CountAsync(TestCluster cluster, Spread root) => cluster.Client.InvokeAsync(root).WaitAsync(HangGuard);

    /// <summary>Counts the parts of a tree by the node that ran them; no leaf ends before as many nodes have come as there are to come.</summary>
    private sealed class Spread(int height, int nodes, string name) : ForkJoinTask<Dictionary<string, long>>
    {
        protected override Dictionary<string, long> Compute()
        {
            var node = JobContext.Current!.Node.Name;
            if (height == 0)
            {
                var gate = Gate.Named(name);
                if (Seen.Add(name, node))
                {
                    gate.Arrive();
                }

                if (Seen.Count(name) < nodes)
                {
                    WaitFor(Seen.WhenAsync(name, nodes));
                }

                return new Dictionary<string, long> { [node] = 1 };
            }

            var left = new Spread(height - 1, nodes, name);
            left.Fork();
            var counts = new Spread(height - 1, nodes, name).Invoke();
            counts[node] = counts.GetValueOrDefault(node) + 1;
            foreach (var (key, count) in left.Join())
            {
                counts[key] = counts.GetValueOrDefault(key) + count;
            }

            return counts;
        }
    }

    /// <summary>Forks until a part has run on another node, which throws.</summary>
    private sealed class FailsElsewhere(string? home) : ForkJoinTask<int>
    {
        protected override int Compute()
        {
            var node = JobContext.Current!.Node.Name;
            if (home is not null)
            {
                return home == node ? (int)new Fib(12).Invoke() : throw new FormatException("elsewhere");
            }

            while (true)
            {
                InvokeAll([.. Enumerable.Range(0, 64).Select(_ => new FailsElsewhere(node))]);
            }
        }
    }

    /// <summary>Forks until another node has taken a part, where the part does not end; the same part at home does.</summary>
    private sealed class Stuck(string name, string? home) : ForkJoinTask<int>
    {
        protected override int Compute()
        {
            var node = JobContext.Current!.Node.Name;
            if (home is null)
            {
                while (Gate.Named(name).Count == 0)
                {
                    InvokeAll([.. Enumerable.Range(0, 64).Select(_ => new Stuck(name, node))]);
                }

                return 1;
            }

            if (home != node)
            {
                WaitFor(Gate.Named(name).ArriveAndAwaitAsync());
            }

            return (int)new Fib(12).Invoke();
        }
    }

    /// <summary>Holds what is tied to its process.</summary>
    private sealed class Tied(int height, Thread? thread) : ForkJoinTask<int>
    {
        protected override int Compute()
        {
            if (height == 0)
            {
                return thread is null ? 0 : 1;
            }

            var left = new Tied(height - 1, Thread.CurrentThread);
            left.Fork();
            return new Tied(height - 1, Thread.CurrentThread).Invoke() + left.Join();
        }
    }
}
