using System.Collections.Concurrent;

namespace Grid.Kernel.Tests.Compute;

/// <summary>What becomes of jobs when nodes are lost under them.</summary>
[Trait("Lane", "loopback")]
public sealed class FailoverTests
{
    [Fact]
    public async Task A_job_on_a_killed_node_is_run_again_on_another()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var gate = Gate.NewName();
        var call = cluster.Client.CallAsync(async context =>
        {
            Where.Runs.GetOrAdd(gate, _ => new ConcurrentQueue<string>()).Enqueue(context.Node.Name);
            Gate.Named(gate).Arrive();
            if (context.Attempt == 1)
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }

            return context.Attempt;
        });
        await Gate.Named(gate).WaitForArrivalsAsync();

        Assert.True(Where.Runs[gate].TryPeek(out var first));
        await cluster.Workers.Single(worker => worker.LocalNode.Name == first).KillAsync();

        Assert.Equal(2, await call);
        Assert.Equal(2, Where.Runs[gate].Distinct().Count());
    }

    [Fact]
    public async Task A_job_that_kills_every_node_it_runs_on_fails_with_its_history()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var killers = Gate.NewName();
        var call = cluster.Client.With(new JobOptions { MaxAttempts = 3 }).RunAsync(async context =>
        {
            Where.Runs.GetOrAdd(killers, _ => new ConcurrentQueue<string>()).Enqueue(context.Node.Name);
            Gate.Named(killers).Arrive();
            await Task.Delay(Timeout.Infinite);
        });
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await Gate.Named(killers).WaitForArrivalsAsync();
            var name = Where.Runs[killers].Last();
            await cluster.Workers.Single(worker => worker.LocalNode.Name == name).KillAsync();
        }

        var exception = await Assert.ThrowsAsync<NodeLostException>(() => call);
        Assert.Equal([1, 2, 3], exception.Attempts.Select(attempt => attempt.Number));
        Assert.Equal(3, exception.Attempts.Select(attempt => attempt.Node.Name).Distinct().Count());
    }

    [Fact]
    public async Task A_job_that_must_not_run_twice_is_reported_lost_with_its_node()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var gate = Gate.NewName();
        var call = cluster.Client.With(new JobOptions { IsIdempotent = false }).RunAsync(async context =>
        {
            Where.Runs.GetOrAdd(gate, _ => new ConcurrentQueue<string>()).Enqueue(context.Node.Name);
            Gate.Named(gate).Arrive();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        });
        await Gate.Named(gate).WaitForArrivalsAsync();
        Assert.True(Where.Runs[gate].TryPeek(out var name));

        await cluster.Workers.Single(worker => worker.LocalNode.Name == name).KillAsync();

        var exception = await Assert.ThrowsAsync<NodeLostException>(() => call);
        Assert.Single(exception.Attempts);
    }

    [Fact]
    public async Task A_draining_node_finishes_what_it_has_and_gets_nothing_new()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var gate = Gate.NewName();
        var first = cluster.Workers[0];
        var running = cluster.Client.Where(NodeSelector.ById(first.LocalNode.Id)).CallAsync(async context =>
        {
            await Gate.Named(gate).ArriveAndAwaitAsync();
            return context.Node.Name;
        });
        await Gate.Named(gate).WaitForArrivalsAsync();

        var stopping = first.StopAsync(CancellationToken.None);
        await WaitForStateAsync(cluster.Client, first.LocalNode.Id, NodeState.Draining);
        var elsewhere = await cluster.Client.MapAsync(Enumerable.Range(0, 20), _ => JobContext.Current!.Node.Name);
        Gate.Named(gate).Open();
        await stopping;

        Assert.All(elsewhere, name => Assert.Equal("worker-2", name));
        Assert.Equal("worker-1", await running);
        await cluster.WaitForClientToSeeAsync(1);
    }

    [Fact]
    public async Task A_fenced_worker_commits_nothing_and_its_job_is_run_elsewhere()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var gate = Gate.NewName();
        var call = cluster.Client.CallAsync(async context =>
        {
            Where.Runs.GetOrAdd(gate, _ => new ConcurrentQueue<string>()).Enqueue(context.Node.Name);
            if (context.Attempt == 1)
            {
                await Gate.Named(gate).ArriveAndAwaitAsync();
            }

            return context.Attempt;
        });
        await Gate.Named(gate).WaitForArrivalsAsync();
        Assert.True(Where.Runs[gate].TryPeek(out var name));

        cluster.DiscoveryOf(cluster.Workers.Single(worker => worker.LocalNode.Name == name)).Expire();

        Assert.Equal(2, await call);
        Gate.Named(gate).Open();
        Assert.Equal(2, Where.Runs[gate].Distinct().Count());
    }

    [Fact]
    public async Task Ten_thousand_jobs_come_back_right_and_once_while_a_node_is_killed_and_one_is_added()
    {
        await using var cluster = await TestCluster.StartAsync(3, slots: 2);
        var map = cluster.Client.MapAsync(Jobs(10_000, cluster), static x => (long)x * x);

        Assert.Equal(Enumerable.Range(0, 10_000).Select(x => (long)x * x), await map);
        Assert.Equal(3, cluster.Client.Nodes.Count);
    }

    /// <summary>The numbers; a third of the way a node is killed, at two thirds one is added.</summary>
    private static IEnumerable<int> Jobs(int count, TestCluster cluster)
    {
        Task disturbance = Task.CompletedTask;
        for (var i = 0; i < count; i++)
        {
            if (i == count / 3)
            {
                disturbance = cluster.Workers[1].KillAsync();
            }
            else if (i == count * 2 / 3)
            {
                disturbance = cluster.AddAsync(slots: 2);
            }

            yield return i;
        }

        disturbance.GetAwaiter().GetResult();
        cluster.WaitForClientToSeeAsync(3).GetAwaiter().GetResult();
    }

    private static async Task WaitForStateAsync(IGrid grid, NodeId node, NodeState state)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        if (grid.Topology.Current.Find(node)?.State == state)
        {
            return;
        }

        await foreach (var change in grid.Topology.ChangesAsync(0, limit.Token))
        {
            if (change.Node?.Id == node && change.Node.State == state)
            {
                return;
            }
        }
    }

    private static class Where
    {
        public static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Runs = new();
    }
}
