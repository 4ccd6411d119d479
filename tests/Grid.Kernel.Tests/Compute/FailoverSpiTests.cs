using Grid.Spi;

namespace Grid.Kernel.Tests.Compute;

/// <summary>What a failover provider decides is what happens.</summary>
[Trait("Lane", "loopback")]
public sealed class FailoverSpiTests
{
    [Fact]
    public async Task A_job_that_threw_is_tried_again_where_the_provider_wants_it()
    {
        var failover = new ScriptedFailover(request => FailoverDecision.Retry(node: request.Candidates.Single(node => node.Name == "worker-3").Id)) { RetriesExceptions = true };
        await using var cluster = await StartAsync(3, failover);
        var where = await cluster.Client.CallAsync(job => job.Attempt == 1 && job.Node.Name != "worker-3" ? throw new TimeoutException("slow disk") : Task.FromResult(job.Node.Name));

        Assert.Equal("worker-3", where);
        var request = Assert.Single(failover.Requests);
        Assert.Equal((AttemptFailureKind.Threw, 5), (request.Failure, request.MaxAttempts));
        Assert.Equal(["System.TimeoutException", "System.SystemException", "System.Exception"], request.ExceptionTypes);
        Assert.Contains("slow disk", request.Attempts.Single().Outcome, StringComparison.Ordinal);
        Assert.Equal(2, request.Candidates.Count);
    }

    [Fact]
    public async Task What_a_job_threw_reaches_its_caller_when_the_provider_gives_it_up_and_when_no_attempt_is_left()
    {
        var failover = new ScriptedFailover(request => request.Attempts.Count < 2 ? FailoverDecision.Retry() : FailoverDecision.GiveUp) { RetriesExceptions = true };
        await using var cluster = await StartAsync(2, failover);

        var given = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Client.CallAsync(static () => Throw(new InvalidOperationException($"attempt {JobContext.Current!.Attempt}"))));
        var once = cluster.Client.With(new JobOptions { MaxAttempts = 1 });
        var exhausted = await Assert.ThrowsAsync<InvalidOperationException>(() => once.CallAsync(static () => Throw(new InvalidOperationException($"attempt {JobContext.Current!.Attempt}"))));
        var twice = cluster.Client.With(new JobOptions { IsIdempotent = false });
        var unasked = await Assert.ThrowsAsync<InvalidOperationException>(() => twice.CallAsync(static () => Throw(new InvalidOperationException($"attempt {JobContext.Current!.Attempt}"))));

        Assert.Equal(("attempt 2", "attempt 1", "attempt 1"), (given.Message, exhausted.Message, unasked.Message));
        Assert.Equal(2, failover.Requests.Count);
    }

    [Fact]
    public async Task A_provider_that_wants_nothing_of_exceptions_and_a_job_that_succeeds_are_not_asked_about()
    {
        var failover = new ScriptedFailover(_ => FailoverDecision.Retry());
        await using var cluster = await StartAsync(2, failover);

        Assert.Equal(4, await cluster.Client.CallAsync(() => 4));
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Client.CallAsync(static () => Throw(new InvalidOperationException("no"))));

        Assert.Empty(failover.Requests);
    }

    [Fact]
    public async Task A_lost_job_is_given_back_at_once_when_the_provider_says_so()
    {
        await using var cluster = await StartAsync(2, new ScriptedFailover(_ => FailoverDecision.GiveUp));

        var exception = await Assert.ThrowsAsync<NodeLostException>(() => LoseFirstAttemptAsync(cluster));

        Assert.Contains("after 1 of at most 5 attempts", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_throws_does_not_lose_the_job()
    {
        var failover = new ScriptedFailover(_ => throw new InvalidOperationException("a bug in a plug-in")) { RetriesExceptions = true };
        await using var cluster = await StartAsync(2, failover);

        Assert.Equal(2, await LoseFirstAttemptAsync(cluster));
        await Assert.ThrowsAsync<TimeoutException>(() => cluster.Client.CallAsync(static () => Throw(new TimeoutException("the job's own"))));
        Assert.Equal(2, failover.Requests.Count);
    }

    [Fact]
    public async Task A_job_rests_as_long_as_the_provider_wants_and_the_number_of_attempts_comes_from_the_node_unless_the_job_says_it()
    {
        var failover = new ScriptedFailover(_ => FailoverDecision.Retry(TimeSpan.FromMilliseconds(1))) { RetriesExceptions = true };
        await using var cluster = await StartAsync(1, failover);

        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Client.CallAsync(static () => Throw(new InvalidOperationException("no"))));
        Assert.Equal(4, failover.Requests.Count);

        failover.Requests.Clear();
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Client.With(new JobOptions { MaxAttempts = 7 }).CallAsync(static () => Throw(new InvalidOperationException("no"))));
        Assert.Equal(6, failover.Requests.Count);
    }

    private static int Throw(Exception exception) => throw exception;

    private static Task<TestCluster> StartAsync(int workers, IFailoverSpi failover) => TestCluster.StartAsync(workers, options: new TestClusterOptions { Failover = failover });

    /// <summary>Kills the node under the first attempt of a job that returns the number of its attempt.</summary>
    private static async Task<int> LoseFirstAttemptAsync(TestCluster cluster)
    {
        var gate = Gate.NewName();
        var call = cluster.Client.CallAsync(async job =>
        {
            if (job.Attempt == 1)
            {
                Journal.Write(gate, int.Parse(job.Node.Name["worker-".Length..], System.Globalization.CultureInfo.InvariantCulture));
                Gate.Named(gate).Arrive();
                await Task.Delay(Timeout.Infinite, job.CancellationToken);
            }

            return job.Attempt;
        });
        await Gate.Named(gate).WaitForArrivalsAsync();
        await cluster.Workers[Journal.Read(gate)[0] - 1].KillAsync();
        return await call;
    }
}
