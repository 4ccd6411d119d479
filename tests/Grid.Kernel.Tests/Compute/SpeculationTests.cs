namespace Grid.Kernel.Tests.Compute;

/// <summary>Stragglers get a second attempt on another node.</summary>
[Trait("Lane", "loopback")]
public sealed class SpeculationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly JobOptions Speculating = new() { Speculate = new Speculation { Factor = 1.5, FinishedMin = 3, ExtraShare = 1 } };

    [Fact]
    public async Task A_job_that_hangs_is_finished_by_a_second_attempt_on_another_node_and_cancelled_where_it_hangs()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var cancelled = Gate.NewName();

        var results = await cluster.Client.With(Speculating).MapAsync(Enumerable.Range(0, 30), x =>
        {
            var job = JobContext.Current!;
            if (x == 11 && job.Attempt == 1)
            {
                job.CancellationToken.WaitHandle.WaitOne();
                Gate.Named(cancelled).Arrive();
            }

            return (Item: x, job.Attempt, job.Node.Name);
        }).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 30), results.Select(result => result.Item));
        Assert.Equal(2, results[11].Attempt);
        await Gate.Named(cancelled).WaitForArrivalsAsync();
    }

    [Fact]
    public async Task A_streams_and_a_tasks_jobs_are_looked_after_too()
    {
        await using var cluster = await TestCluster.StartAsync(3);

        var streamed = new List<int>();
        await foreach (var result in cluster.Client.With(Speculating).StreamAsync(Numbers(20), static x => x == 5 ? HangUnlessSecond(x) : x))
        {
            streamed.Add(result);
        }

        var sum = await cluster.Client.With(Speculating).ExecuteAsync(new Sum(), 20).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 20), streamed.Order());
        Assert.Equal(190, sum);
    }

    [Fact]
    public async Task A_node_that_is_lost_with_the_first_attempt_leaves_the_job_to_the_second()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var gate = Gate.NewName();
        var mapping = cluster.Client.With(Speculating).MapAsync(Enumerable.Range(0, 20), x =>
        {
            var job = JobContext.Current!;
            if (x == 7 && job.Attempt == 1)
            {
                Journal.Write(gate, int.Parse(job.Node.Name["worker-".Length..], System.Globalization.CultureInfo.InvariantCulture));
                job.CancellationToken.WaitHandle.WaitOne();
            }
            else if (x == 7)
            {
                Gate.Named(gate).ArriveAndBlock();
            }

            return (x, job.Attempt);
        });
        await Gate.Named(gate).WaitForArrivalsAsync();

        await cluster.Workers[Journal.Read(gate)[0] - 1].KillAsync();
        await cluster.WaitForClientToSeeAsync(2);
        Gate.Named(gate).Open();

        Assert.Equal((7, 2), (await mapping.WaitAsync(Patience))[7]);
    }

    [Fact]
    public async Task An_exception_of_the_second_attempt_is_the_jobs()
    {
        await using var cluster = await TestCluster.StartAsync(2);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Client.With(Speculating).MapAsync(Enumerable.Range(0, 12), static x =>
            x != 5 ? x : JobContext.Current!.Attempt == 2 ? throw new InvalidOperationException("by the second") : HangUnlessSecond(x)).WaitAsync(Patience));

        Assert.Equal("by the second", exception.Message);
    }

    private static int HangUnlessSecond(int x)
    {
        var job = JobContext.Current!;
        if (job.Attempt == 1)
        {
            job.CancellationToken.WaitHandle.WaitOne();
        }

        return x;
    }

    private static async IAsyncEnumerable<int> Numbers(int count)
    {
        for (var x = 0; x < count; x++)
        {
            await Task.CompletedTask;
            yield return x;
        }
    }

    private sealed class Sum : GridTask<int, int, int>
    {
        public override IEnumerable<GridJob<int>> Map(TopologyView nodes, int arg) => Enumerable.Range(0, arg).Select(x => new GridJob<int>(() => x == 5 ? HangUnlessSecond(x) : x));

        public override int Reduce(IReadOnlyList<JobResult<int>> results) => results.Sum(result => result.Value);
    }
}
