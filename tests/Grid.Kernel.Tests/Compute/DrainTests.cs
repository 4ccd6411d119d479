using Grid.Kernel.Administration;
using Grid.Kernel.Lifecycle;

namespace Grid.Kernel.Tests.Compute;

/// <summary>What operators do with a node: the second worker asks the first.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_drained_node_finishes_what_runs_and_hands_back_what_waits()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var gate = Gate.NewName();
        var jobs = Enumerable.Range(0, 4).Select(_ => Blocking(gate)).Select(job => cluster.Client.CallAsync(job)).ToArray();
        await Gate.Named(gate).WaitForArrivalsAsync(2);

        Assert.Null(await AskAsync(cluster, DrainAction.Drain));
        await WaitForStateAsync(cluster.Client, cluster.Workers[0].LocalNode.Id, NodeState.Draining);
        Gate.Named(gate).Open();
        var names = await Task.WhenAll(jobs).WaitAsync(HangGuard);

        Assert.Equal(["worker-1", "worker-2", "worker-2", "worker-2"], names.Order(StringComparer.Ordinal));
        var refused = await Assert.ThrowsAsync<NoEligibleNodeException>(() => OnFirst(cluster).CallAsync(() => 1));
        Assert.Equal("is draining", refused.Exclusions.Single(exclusion => exclusion.Node.Name == "worker-1").Reason);
    }

    [Fact]
    public async Task What_a_drained_node_hands_back_is_recorded_as_such()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var gate = Gate.NewName();
        var running = OnFirst(cluster).CallAsync(Blocking(gate));
        await Gate.Named(gate).WaitForArrivalsAsync();
        var waiting = await OnFirst(cluster).SubmitAsync(static _ => Task.FromResult(1));
        await WaitForEventAsync(cluster, "came here");

        await AskAsync(cluster, DrainAction.Drain);

        await WaitForEventAsync(cluster, "was handed back before it began");
        waiting.Cancel();
        Gate.Named(gate).Open();
        await running.WaitAsync(HangGuard);
    }

    [Fact]
    public async Task A_drained_node_can_take_jobs_again()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var first = cluster.Workers[0].LocalNode.Id;
        await AskAsync(cluster, DrainAction.Drain);
        await WaitForStateAsync(cluster.Client, first, NodeState.Draining);

        Assert.Null(await AskAsync(cluster, DrainAction.Resume));
        await WaitForStateAsync(cluster.Client, first, NodeState.Available);

        Assert.Equal("worker-1", await OnFirst(cluster).CallAsync(() => JobContext.Current!.Node.Name));
    }

    [Fact]
    public async Task A_node_that_is_to_stop_leaves_when_its_last_job_has_ended()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var gate = Gate.NewName();
        var running = OnFirst(cluster).CallAsync(Blocking(gate));
        await Gate.Named(gate).WaitForArrivalsAsync();

        Assert.Null(await AskAsync(cluster, DrainAction.DrainAndStop));
        await WaitForStateAsync(cluster.Client, cluster.Workers[0].LocalNode.Id, NodeState.Draining);
        Gate.Named(gate).Open();

        Assert.Equal("worker-1", await running.WaitAsync(HangGuard));
        await cluster.WaitForClientToSeeAsync(1);
    }

    [Fact]
    public async Task A_node_that_was_to_stop_stays_when_it_is_told_to_take_jobs_again()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var gate = Gate.NewName();
        var running = OnFirst(cluster).CallAsync(Blocking(gate));
        await Gate.Named(gate).WaitForArrivalsAsync();
        await AskAsync(cluster, DrainAction.DrainAndStop);

        Assert.Null(await AskAsync(cluster, DrainAction.Resume));
        await WaitForStateAsync(cluster.Client, cluster.Workers[0].LocalNode.Id, NodeState.Available);
        Gate.Named(gate).Open();
        await running.WaitAsync(HangGuard);

        Assert.Equal("worker-1", await OnFirst(cluster).CallAsync(() => JobContext.Current!.Node.Name));
        Assert.Equal(2, cluster.Client.Nodes.Count);
    }

    [Fact]
    public async Task A_node_that_stops_already_refuses()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var gate = Gate.NewName();
        var running = OnFirst(cluster).CallAsync(Blocking(gate));
        await Gate.Named(gate).WaitForArrivalsAsync();
        var stopping = cluster.Workers[0].StopAsync(CancellationToken.None);

        Assert.Equal("it is stopping already", await AskAsync(cluster, DrainAction.Resume));
        Gate.Named(gate).Open();
        await running.WaitAsync(HangGuard);
        await stopping;
    }

    [Fact]
    public async Task Drained_and_resumed_at_random_under_load_every_job_has_one_result()
    {
        await using var cluster = await TestCluster.StartAsync(3, slots: 2);
        var map = cluster.Client.With(new JobOptions { MaxAttempts = 100 }).MapAsync(Enumerable.Range(0, 5_000), static x => (long)x * x);
        var random = new Random(17);
        for (var round = 0; !map.IsCompleted; round++)
        {
            // One of the first two at a time: the third always takes what the others hand back.
            var target = cluster.Workers[random.Next(2)];
            await DrainAsync(cluster.Workers[2], target, DrainAction.Drain);
            await DrainAsync(cluster.Workers[2], target, DrainAction.Resume);
        }

        Assert.Equal(Enumerable.Range(0, 5_000).Select(x => (long)x * x), await map.WaitAsync(TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public void Requests_and_answers_are_read_back_and_others_refused()
    {
        Assert.True(DrainRequest.TryRead(new DrainRequest(DrainAction.Resume, "ada").ToBytes(), out var request));
        Assert.Equal(new DrainRequest(DrainAction.Resume, "ada"), request);
        Assert.False(DrainRequest.TryRead([], out _));
        Assert.False(DrainRequest.TryRead([3], out _));
        Assert.False(DrainRequest.TryRead(new byte[2000], out _));
        Assert.True(DrainAnswer.TryRead(new DrainAnswer("no").ToBytes(), out var refused));
        Assert.Equal("no", refused.Value.Refusal);
        Assert.True(DrainAnswer.TryRead(new DrainAnswer(null).ToBytes(), out var done));
        Assert.Null(done.Value.Refusal);
        Assert.False(DrainAnswer.TryRead([], out _));
        Assert.False(DrainAnswer.TryRead([2], out _));
    }

    private static Func<string> Blocking(string gate) => () =>
    {
        Gate.Named(gate).ArriveAndBlock();
        return JobContext.Current!.Node.Name;
    };

    private static INodeGroup OnFirst(TestCluster cluster) => cluster.Client.Where(NodeSelector.ByName("worker-1"));

    private static Task<string?> AskAsync(TestCluster cluster, DrainAction action) => DrainAsync(cluster.Workers[1], cluster.Workers[0], action);

    private static Task<string?> DrainAsync(GridRuntime asking, GridRuntime target, DrainAction action) =>
        asking.Inquiry.DrainAsync(target.LocalNode, new DrainRequest(action, "ada"), CancellationToken.None).WaitAsync(HangGuard);

    private static async Task WaitForEventAsync(TestCluster cluster, string text)
    {
        using var limit = new CancellationTokenSource(HangGuard);
        while (!(await cluster.Workers[1].Inquiry.EventsAsync(cluster.Workers[0].LocalNode, 100, limit.Token)).Any(happened => happened.Text.Contains(text, StringComparison.Ordinal)))
        {
            await Task.Yield();
        }
    }

    private static async Task WaitForStateAsync(IGrid grid, NodeId node, NodeState state)
    {
        using var limit = new CancellationTokenSource(HangGuard);
        if (grid.Topology.Current.Find(node)?.State == state)
        {
            return;
        }

        await foreach (var _ in grid.Topology.ChangesAsync(0, limit.Token))
        {
            if (grid.Topology.Current.Find(node)?.State == state)
            {
                return;
            }
        }
    }
}
