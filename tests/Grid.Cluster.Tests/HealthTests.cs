using Grid.ZooKeeper.Tests.Server;

namespace Grid.Cluster.Tests;

/// <summary>Workers that get nowhere and workers that fall silent: what the others make of it, and when.</summary>
[Trait("Lane", "processes")]
public sealed class HealthTests(Standalone standalone) : IClassFixture<Standalone>, IAsyncLifetime
{
    /// <summary>Far longer than a suspicion takes.</summary>
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(12);
    private readonly string _cluster = $"health-{Guid.NewGuid():n}";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-health-");
    private readonly List<WorkerProcess> _workers = [];

    private string Go => Path.Combine(_folder.FullName, "go");

    private string Never => Path.Combine(_folder.FullName, "never");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [SkippableFact]
    public async Task A_worker_whose_pool_and_lanes_are_blocked_stays_a_member_says_so_and_is_sent_no_new_job()
    {
        var (one, two, three) = await StartThreeAsync();

        one.Order($"stall three {Go}");
        await one.UntilAsync("log 2601 three starves: its jobs wait for something and none ends, and its thread pool takes up no work");
        await two.UntilAsync("log 2601 three starves");
        await TwoTimeoutsAsync();
        await File.WriteAllTextAsync(Never, "");
        two.Order($"pile 40 two,three {Never}");
        Assert.Equal($"piled 40 {two.ProcessId}:1", await two.UntilAsync("piled "));

        await File.WriteAllTextAsync(Go, "");
        await one.UntilAsync("stalled 2");
        await one.UntilAsync("log 2601 three no longer starves");
        one.Order($"pile 40 three {Go}");
        Assert.Equal($"piled 40 {three.ProcessId}:1", await one.UntilAsync("piled "));
        Assert.Empty(one.Changes);
        Assert.Empty(two.Changes);
        Assert.Empty(three.Changes);
    }

    [SkippableFact]
    public async Task A_worker_that_is_stopped_is_suspect_and_its_waiting_jobs_move_long_before_discovery_removes_it()
    {
        var (one, two, three) = await StartThreeAsync();
        one.Order($"follow three {Never}");
        one.Order($"follow three {Never}");
        await UntilTwiceAsync(one, "follows three");
        one.Order($"pile 12 two,three {Go}");
        await UntilWaitingAtAsync(one, three);

        await three.SignalAsync("STOP");
        var suspected = await one.UntilAsync("log 2600 three is suspect");
        await File.WriteAllTextAsync(Go, "");
        var piled = await one.UntilAsync("piled 12 ");
        var failed = await one.UntilAsync("change Failed three 1");
        var lost = await one.UntilAsync("unfollowed ");

        string[] inOrder = [suspected, piled, failed, lost];
        Assert.Equal(inOrder, one.Facts.Where(inOrder.Contains).Distinct());
        Assert.Equal($"piled 12 {two.ProcessId}:1,{two.ProcessId}:2", piled);
        Assert.DoesNotContain(two.Facts, fact => fact.StartsWith("log 2600 one", StringComparison.Ordinal));
    }

    private static async Task UntilTwiceAsync(WorkerProcess worker, string fact)
    {
        await worker.UntilAsync(fact);
        var first = worker.Facts.ToList().IndexOf(fact);
        await worker.UntilAsync(fact, first + 1);
    }

    /// <summary>What is lost within two timeouts would have been seen.</summary>
    private static async Task TwoTimeoutsAsync()
    {
        using var timer = new PeriodicTimer(SessionTimeout * 2);
        await timer.WaitForNextTickAsync();
    }

    /// <summary>Both slots of a worker are taken; jobs that come there wait. Ends when some have come.</summary>
    private static async Task UntilWaitingAtAsync(WorkerProcess asked, WorkerProcess worker)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            Assert.False(limit.IsCancellationRequested, string.Join('\n', asked.Facts));
            var after = asked.Facts.Count;
            asked.Order($"waiting {worker.Name}");
            if (await asked.UntilAsync($"waiting {worker.Name} ", after) is var told && !told.EndsWith(" 0", StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    private async Task<(WorkerProcess One, WorkerProcess Two, WorkerProcess Three)> StartThreeAsync()
    {
        var servers = Needs.Servers(standalone.Servers);
        foreach (var name in new[] { "one", "two", "three" })
        {
            var worker = WorkerProcess.Start(new WorkerSettings { Name = name, ConnectString = servers.ConnectString, Cluster = _cluster, SessionTimeout = SessionTimeout });
            _workers.Add(worker);
            await worker.UntilAsync("view ");
        }

        await _workers[0].UntilAsync("change Joined three");
        await _workers[1].UntilAsync("change Joined three");
        _workers.ForEach(worker => worker.ForgetChanges());
        return (_workers[0], _workers[1], _workers[2]);
    }
}
