using System.Globalization;

namespace Grid.Cluster.Tests;

/// <summary>
/// Servers, workers and a client, each with an address of its own and a secret between them. One worker is cut off from ZooKeeper, from its
/// peers, from everybody. Jobs complete, membership follows ZooKeeper and only ZooKeeper, and no job has two results.
/// </summary>
[Trait("Lane", "processes")]
[Collection(nameof(OneSiteAtATime))]
public sealed class PartitionTests(ClusterSite site) : IClassFixture<ClusterSite>, IAsyncLifetime
{
    private const int Jobs = 8;
    private const string Submitter = "submitter";

    /// <summary>Long enough for a busy machine, short enough to wait for.</summary>
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(6);

    private readonly string _cluster = $"partition-{Guid.NewGuid():n}";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-partition-");
    private readonly List<WorkerProcess> _processes = [];

    private string Go => Path.Combine(_folder.FullName, "go");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [SkippableFact]
    public async Task A_worker_that_is_cut_off_from_ZooKeeper_is_replaced_commits_nothing_and_comes_back()
    {
        var (one, two, three, submitter) = await StartAsync();
        await ShareJobsAsync(submitter, three);

        await site.Network.CutAsync("three", ClusterSite.Registry);
        await AssertReplacedAsync(one, two, three, submitter);
    }

    [SkippableFact]
    public async Task A_worker_that_is_cut_off_from_everybody_is_replaced_commits_nothing_and_comes_back()
    {
        var (one, two, three, submitter) = await StartAsync();
        await ShareJobsAsync(submitter, three);

        await site.Network.CutAsync("three", [.. ClusterSite.Registry, "one", "two", "submitter"]);
        await AssertReplacedAsync(one, two, three, submitter);
    }

    [SkippableFact]
    public async Task A_worker_that_is_cut_off_from_its_peers_only_stays_a_member_while_jobs_go_elsewhere()
    {
        var (one, two, three, submitter) = await StartAsync();

        await site.Network.CutAsync("three", "one", "two", "submitter");
        await TwoTimeoutsAsync();
        await UntilMoreCallsAsync(submitter, 5);
        await site.Network.HealAsync();

        // A newcomer shows that nothing else has happened before.
        await StartAsync("four", "one");
        foreach (var process in new[] { one, two, three, submitter })
        {
            await process.UntilAsync("change Joined four");
            AssertOnly(process, "change Joined four 1");
        }

        await File.WriteAllTextAsync(Go, "");
        submitter.Order($"hold three {Go}");
        await submitter.UntilAsync($"held {three.ProcessId}");
        Assert.Equal(0, (await submitter.CallsAsync()).Failed);
    }

    [SkippableFact]
    public async Task Two_workers_that_are_cut_off_from_each_other_stay_members_and_work_for_everybody_else()
    {
        var (one, two, three, submitter) = await StartAsync();
        await File.WriteAllTextAsync(Go, "");

        await site.Network.CutAsync("two", "three");
        await two.UntilAsync("log 2600 three is suspect");
        await three.UntilAsync("log 2600 two is suspect");
        await submitter.UntilAsync("log 2601 two says that it cannot reach three");
        two.Order($"pile 20 one,three {Go}");
        three.Order($"pile 20 one,two {Go}");
        submitter.Order($"pile 40 two,three {Go}");

        Assert.Equal($"piled 20 {one.ProcessId}:1", await two.UntilAsync("piled "));
        Assert.Equal($"piled 20 {one.ProcessId}:1", await three.UntilAsync("piled "));
        var both = await submitter.UntilAsync("piled 40 ");
        Assert.Contains($"{two.ProcessId}:1", both, StringComparison.Ordinal);
        Assert.Contains($"{three.ProcessId}:1", both, StringComparison.Ordinal);
        await TwoTimeoutsAsync();
        await site.Network.HealAsync();
        await two.UntilAsync("log 2601 three can be reached again");
        await three.UntilAsync("log 2601 two can be reached again");
        foreach (var process in new[] { one, two, three, submitter })
        {
            AssertOnly(process);
        }
    }

    private static void AssertOnly(WorkerProcess process, params string[] changes) =>
        Assert.Equal(changes, process.Changes.Where(change => !change.StartsWith("change AttributesChanged", StringComparison.Ordinal)));

    private static async Task UntilMoreCallsAsync(WorkerProcess process, int more)
    {
        var (succeeded, _) = await process.CallsAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        for (var now = succeeded; now < succeeded + more; now = (await process.CallsAsync()).Succeeded)
        {
            Assert.False(limit.IsCancellationRequested, $"{now - succeeded} of {more} calls came through. The submitter said:\n{string.Join('\n', process.Facts.TakeLast(30))}");
        }
    }

    /// <summary>What ZooKeeper does not end within two timeouts it does not end.</summary>
    private static async Task TwoTimeoutsAsync()
    {
        using var timer = new PeriodicTimer(SessionTimeout * 2);
        await timer.WaitForNextTickAsync();
    }

    // Some of the jobs run on the worker that is about to be cut off, and wait there.
    private async Task ShareJobsAsync(WorkerProcess submitter, WorkerProcess three)
    {
        using var watcher = new FileSystemWatcher(_folder.FullName, $"go.{three.ProcessId}.*");
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => started.TrySetResult();
        watcher.EnableRaisingEvents = true;
        submitter.Order(string.Create(CultureInfo.InvariantCulture, $"share {Jobs} two,three {Go}"));
        await started.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private async Task AssertReplacedAsync(WorkerProcess one, WorkerProcess two, WorkerProcess three, WorkerProcess submitter)
    {
        await three.UntilAsync("log 2005 ");
        foreach (var process in new[] { one, two, submitter })
        {
            await process.UntilAsync("change Failed three 1");
        }

        // Now the jobs end on both sides of the cut. What ends behind it must not count.
        await File.WriteAllTextAsync(Go, "");
        var shared = await submitter.UntilAsync("shared ");
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"shared {Jobs} {two.ProcessId}"), shared);
        Assert.True(_folder.GetFiles("go.*").Length > Jobs, "No job ran twice, so the test shows nothing.");
        await UntilMoreCallsAsync(submitter, 50);

        await site.Network.HealAsync();
        foreach (var process in new[] { one, two, submitter })
        {
            await process.UntilAsync("change Joined three 2");
            AssertOnly(process, "change Failed three 1", "change Joined three 2");
        }

        submitter.Order($"hold three {Go}");
        await submitter.UntilAsync($"held {three.ProcessId}");
        Assert.Equal(0, (await submitter.CallsAsync()).Failed);
    }

    private async Task<(WorkerProcess One, WorkerProcess Two, WorkerProcess Three, WorkerProcess Submitter)> StartAsync()
    {
        await site.Network.HealAsync();
        foreach (var name in ClusterSite.Workers)
        {
            await StartAsync(name, name);
        }

        var submitter = await StartAsync(Submitter, Submitter);
        submitter.Order($"call on {string.Join(',', ClusterSite.Workers)}");
        await UntilMoreCallsAsync(submitter, 20);
        _processes.ForEach(process => process.ForgetChanges());
        return (_processes[0], _processes[1], _processes[2], submitter);
    }

    private async Task<WorkerProcess> StartAsync(string name, string host)
    {
        var process = WorkerProcess.Start(new WorkerSettings
        {
            Name = name,
            ConnectString = site.Servers.ConnectString,
            Cluster = _cluster,
            SessionTimeout = SessionTimeout,
            Listen = $"{site.Network.Address(host)}:0",
            Namespace = site.Network.Namespace(host),
            Secret = "the secret of this cluster",
            IsClient = host == Submitter,
        });
        _processes.Add(process);
        await process.UntilAsync("view ");
        return process;
    }
}
