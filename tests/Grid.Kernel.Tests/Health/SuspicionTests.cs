using Grid.Kernel.Compute;
using Grid.Kernel.Gossip;
using Grid.Kernel.Health;
using Grid.Kernel.Tests.Compute;
using Grid.Messaging;
using Grid.Testing.Network;

namespace Grid.Kernel.Tests.Health;

/// <summary>A client and two workers of one slot each; the client and the first worker can be cut off from each other, silently.</summary>
[Trait("Lane", "loopback")]
public sealed class SuspicionTests : IAsyncLifetime
{
    private const string ClientHost = "host3";
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);
    private readonly InMemoryNetwork _network = new();
    private TestCluster _cluster = null!;

    private NodeInfo First => _cluster.Workers[0].LocalNode;

    private NodeInfo Second => _cluster.Workers[1].LocalNode;

    public async Task InitializeAsync()
    {
        var hosts = 0;
        _cluster = await TestCluster.StartAsync(2, slots: 1, new TestClusterOptions
        {
            Communication = () => _network.CreateProvider($"host{++hosts}"),
            Compute = new ComputeOptions { PlacementTimeout = TimeSpan.FromSeconds(2) },
            Messaging = new MessengerOptions { PingInterval = TimeSpan.FromMilliseconds(200), BackOffMax = TimeSpan.FromMilliseconds(200), HandshakeTimeout = TimeSpan.FromMilliseconds(500) },
            Gossip = new GossipOptions { Period = TimeSpan.FromMilliseconds(100) },
            Health = new HealthOptions { StarvedAfter = TimeSpan.FromMilliseconds(500), PoolDelayMax = TimeSpan.FromHours(1), RecoveredAfter = TimeSpan.Zero },
        });
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _network.Dispose();
    }

    [Fact]
    public async Task Jobs_that_wait_at_a_node_that_falls_silent_move_and_the_one_that_runs_stays()
    {
        var gate = Gate.NewName();
        var running = await BlockAsync(gate);
        var waiting = Enumerable.Range(0, 6).Select(_ => _cluster.Client.CallAsync(static () => $"{JobContext.Current!.Node.Name} {JobContext.Current.Attempt}")).ToList();

        Cut();
        var results = await Task.WhenAll(waiting).WaitAsync(HangGuard);
        Heal();
        Gate.Named(gate).Open();

        Assert.All(results, result => Assert.StartsWith("worker-2 ", result, StringComparison.Ordinal));
        Assert.Contains("worker-2 2", results);
        Assert.Equal(1, await running.Completion.WaitAsync(HangGuard));
    }

    [Fact]
    public async Task A_cut_takes_the_pair_out_and_leaves_both_to_others()
    {
        await _cluster.Client.BroadcastAsync(static () => 1);
        Cut();
        await _cluster.WaitForConditionAsync(_cluster.Workers[0], NodeCondition.Suspect);

        Assert.Equal(2, _cluster.Client.Topology.Current.Nodes.Length);
        Assert.Equal(NodeCondition.Well, _cluster.Workers[1].Grid.Health.Find(First.Id)!.Condition);
        Assert.Equal("worker-1", await _cluster.Workers[1].Grid.Where(NodeSelector.ById(First.Id)).CallAsync(static () => JobContext.Current!.Node.Name));
        var where = await _cluster.Client.MapAsync(Enumerable.Range(0, 10), static _ => JobContext.Current!.Node.Name);
        Assert.Equal(["worker-2"], where.Distinct());
    }

    [Fact]
    public async Task A_job_for_a_suspect_only_waits_until_it_answers()
    {
        await _cluster.Client.BroadcastAsync(static () => 1);
        Cut();
        await _cluster.WaitForConditionAsync(_cluster.Workers[0], NodeCondition.Suspect);

        var call = _cluster.Client.Where(NodeSelector.ById(First.Id)).CallAsync(static () => JobContext.Current!.Attempt);
        Heal();

        Assert.Equal(1, await call.WaitAsync(HangGuard));
        Assert.Equal(NodeCondition.Well, _cluster.Client.Health.Find(First.Id)!.Condition);
    }

    [Fact]
    public async Task A_job_for_a_suspect_that_does_not_answer_fails_and_says_why()
    {
        await _cluster.Client.BroadcastAsync(static () => 1);
        Cut();
        await _cluster.WaitForConditionAsync(_cluster.Workers[0], NodeCondition.Suspect);

        var failure = await Assert.ThrowsAsync<NoEligibleNodeException>(() => _cluster.Client.Where(NodeSelector.ById(First.Id)).CallAsync(static () => 1).WaitAsync(HangGuard));

        Assert.Contains(failure.Exclusions, exclusion => exclusion.Node == First && exclusion.Reason.StartsWith("is suspect: ", StringComparison.Ordinal));
        Assert.Contains("worker-1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_was_given_one_attempt_is_not_moved()
    {
        var gate = Gate.NewName();
        await BlockAsync(gate);
        var single = _cluster.Client.With(new JobOptions { MaxAttempts = 1 });
        var calls = Enumerable.Range(0, 4).Select(_ => single.CallAsync(static () => JobContext.Current!.Node.Name)).ToList();

        Cut();
        await _cluster.WaitForConditionAsync(_cluster.Workers[0], NodeCondition.Suspect);
        Heal();
        Gate.Named(gate).Open();

        // One waits behind the job in the only slot; the node has no room for a second.
        Assert.Single(await Task.WhenAll(calls).WaitAsync(HangGuard), static name => name == "worker-1");
    }

    [Fact]
    public async Task A_node_whose_lanes_are_blocked_says_so_and_is_sent_jobs_only_when_no_other_is_well()
    {
        var (one, two) = (Gate.NewName(), Gate.NewName());
        await BlockAsync(one);
        await _cluster.WaitForConditionAsync(_cluster.Workers[0], NodeCondition.Starved);
        var where = await _cluster.Client.MapAsync(Enumerable.Range(0, 20), static _ => JobContext.Current!.Node.Name).WaitAsync(HangGuard);

        await BlockAsync(two, Second);
        await _cluster.WaitForConditionAsync(_cluster.Workers[1], NodeCondition.Starved);
        var calls = Enumerable.Range(0, 4).Select(_ => _cluster.Client.CallAsync(static () => JobContext.Current!.Node.Name)).ToList();
        Gate.Named(one).Open();
        Gate.Named(two).Open();

        Assert.Equal(["worker-2"], where.Distinct());
        Assert.Equal(["worker-1", "worker-2"], (await Task.WhenAll(calls).WaitAsync(HangGuard)).Distinct().Order());
        await _cluster.WaitForConditionAsync(_cluster.Workers[0], NodeCondition.Well);
    }

    [Fact]
    public async Task A_worker_explains_a_job_with_what_the_client_knows_of_it()
    {
        var gate = Gate.NewName();
        var running = await BlockAsync(gate);
        var waiting = await _cluster.Client.Where(NodeSelector.ById(First.Id)).SubmitAsync(static _ => Task.FromResult(0));
        var behind = await UntilHereAsync(waiting.Id);
        var runs = await _cluster.Workers[1].Inquiry.ExplainAsync(First, running.Id.ToString(), CancellationToken.None);
        Gate.Named(gate).Open();
        await waiting.Completion.WaitAsync(HangGuard);

        Assert.Contains("It waits for a slot: 1 of 1 is taken, and no job that waits came before it.", behind.Here[0], StringComparison.Ordinal);
        Assert.Contains(behind.Submitter, sentence => sentence.StartsWith("Its submitter client sent attempt 1 to worker-1 ", StringComparison.Ordinal));
        Assert.EndsWith("It runs.", runs.Here[0], StringComparison.Ordinal);
        Assert.Contains(runs.Submitter, sentence => sentence.StartsWith("Its submitter client has heard that attempt 1 runs on worker-1", StringComparison.Ordinal));
        Assert.Equal([NodeEventKind.JobAccepted, NodeEventKind.JobStarted], runs.Events.Select(happened => happened.Kind));
    }

    private async Task<JobExplanation> UntilHereAsync(JobId job)
    {
        using var limit = new CancellationTokenSource(HangGuard);
        while (true)
        {
            var explained = await _cluster.Workers[1].Inquiry.ExplainAsync(First, job.ToString(), limit.Token);
            if (explained.HasAttempt)
            {
                return explained;
            }
        }
    }

    /// <summary>Occupies the slot of a worker, and waits until the client has heard that the job runs.</summary>
    private async Task<IJobHandle<int>> BlockAsync(string gate, NodeInfo? node = null)
    {
        var handle = await _cluster.Client.Where(NodeSelector.ById((node ?? First).Id)).SubmitAsync(context =>
        {
            context.Progress.Report(new JobProgress(0.5, "blocked"));
            Gate.Named(gate).ArriveAndBlock();
            return Task.FromResult(context.Attempt);
        });
        await Gate.Named(gate).WaitForArrivalsAsync();
        await foreach (var _ in handle.ProgressAsync())
        {
            break;
        }

        return handle;
    }

    private void Cut()
    {
        _network.Partition(ClientHost, "host1");
        _network.Partition("host1", ClientHost);
    }

    private void Heal()
    {
        _network.Heal(ClientHost, "host1");
        _network.Heal("host1", ClientHost);
    }
}
