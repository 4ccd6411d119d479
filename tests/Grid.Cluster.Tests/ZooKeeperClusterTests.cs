using System.Diagnostics;
using System.Globalization;
using Grid.Testing.ZooKeeper;
using Grid.ZooKeeper;
using Grid.ZooKeeper.Tests.Server;
using Xunit.Abstractions;

namespace Grid.Cluster.Tests;

/// <summary>Three worker processes on an ensemble of three servers, and what may befall both.</summary>
[Trait("Lane", "processes")]
public sealed class ZooKeeperClusterTests(ZooKeeperEnsemble ensemble, ITestOutputHelper output) : IClassFixture<ZooKeeperEnsemble>, IAsyncLifetime
{
    /// <summary>Long enough for a busy machine, short enough to wait for.</summary>
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(6);

    /// <summary>A process must start before the session of its predecessor ends, also on a machine where that takes ten seconds.</summary>
    private static readonly TimeSpan SessionTimeoutOfRestart = TimeSpan.FromSeconds(20);
    private static readonly string[] Names = ["one", "two", "three"];
    private readonly string _cluster = $"cluster-{Guid.NewGuid():n}";
    private readonly List<WorkerProcess> _workers = [];

    private ZooKeeperServers Servers => Needs.Servers(ensemble.Servers);

    /// <summary>How long all of ZooKeeper is away: GRID_OUTAGE_SECONDS, default 8, which is beyond the session timeout. The acceptance run takes 60.</summary>
    private static TimeSpan OutageLength => Seconds("GRID_OUTAGE_SECONDS", "8");

    /// <summary>How long a worker is stopped: GRID_STOP_SECONDS, default until the others have removed it. The acceptance run takes 12, two session timeouts.</summary>
    private static TimeSpan StopLength => Seconds("GRID_STOP_SECONDS", "0.1");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task A_killed_worker_is_one_failure_everywhere_and_gone_from_both_lists()
    {
        await using var client = await ZooKeeperClient.ConnectAsync(Servers.ConnectString);
        var (one, two, three) = await StartThreeAsync();
        Assert.Equal(3, (await client.GetChildrenAsync($"/grid/{_cluster}/members")).Count);
        Assert.Equal(3, (await client.GetChildrenAsync($"/grid/{_cluster}/available")).Count);

        var clock = Stopwatch.StartNew();
        await three.KillAsync();
        await Task.WhenAll(one.UntilAsync("change Failed three"), two.UntilAsync("change Failed three"));
        output.WriteLine($"A killed worker was known as failed to both others after {clock.Elapsed.TotalSeconds:0.00} s; the session timeout is {SessionTimeout.TotalSeconds} s.");

        Assert.Equal(2, (await client.GetChildrenAsync($"/grid/{_cluster}/members")).Count);
        Assert.Equal(2, (await client.GetChildrenAsync($"/grid/{_cluster}/available")).Count);
        AssertOnly(one, "change Failed three 1");
        AssertOnly(two, "change Failed three 1");
    }

    [SkippableFact]
    public async Task A_worker_that_is_killed_and_started_again_at_once_is_one_restart()
    {
        var (one, two, three) = await StartThreeAsync(SessionTimeoutOfRestart);

        await three.KillAsync();
        var again = await StartAsync("three");
        await one.UntilAsync("change Restarted three");
        await two.UntilAsync("change Restarted three");
        await again.UntilAsync("view");

        // The old record goes when its session ends; somebody who joins after that shows that it was no event.
        await UntilMembersAsync(3);
        await StartAsync("four");
        await one.UntilAsync("change Joined four");
        await two.UntilAsync("change Joined four");
        AssertOnly(one, "change Restarted three 1", "change Joined four 1");
        AssertOnly(two, "change Restarted three 1", "change Joined four 1");
    }

    [SkippableFact]
    public async Task A_worker_that_stops_has_left()
    {
        var (one, two, three) = await StartThreeAsync();

        three.Order("stop");
        await three.UntilAsync("left");

        await one.UntilAsync("change Left three");
        await two.UntilAsync("change Left three");
        Assert.DoesNotContain(one.Changes, change => change.StartsWith("change Failed", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Calls_go_on_while_the_leader_of_the_ensemble_dies()
    {
        var (one, two, three) = await StartThreeAsync();
        one.Order("call on");
        await UntilMoreCallsAsync(one, 10);
        var leader = await Servers.LeaderAsync();

        await Servers.KillAsync(leader);
        await UntilMoreCallsAsync(one, 100);
        await Servers.ReviveAsync(leader);
        await UntilMoreCallsAsync(one, 100);

        Assert.Equal(0, (await one.CallsAsync()).Failed);
        AssertOnly(one);
        AssertOnly(two);
        AssertOnly(three);
    }

    [SkippableFact]
    public async Task Calls_go_on_and_nobody_is_removed_while_all_of_ZooKeeper_is_away()
    {
        var (one, two, three) = await StartThreeAsync();
        var file = Path.Combine(Path.GetTempPath(), _cluster);
        one.Order("call on");
        two.Order($"hold three {file}");
        await UntilExistsAsync(file + ".started");
        await UntilMoreCallsAsync(one, 10);

        await Servers.KillAsync(1, 2, 3);
        await PauseAsync(OutageLength);
        await UntilMoreCallsAsync(one, 100);
        await File.WriteAllTextAsync(file, "");
        Assert.Equal($"held {three.ProcessId}", await two.UntilAsync("held "));
        await Servers.ReviveAsync(1, 2, 3);

        // A newcomer shows that the registry works again for everybody.
        await StartAsync("four");
        foreach (var worker in new[] { one, two, three })
        {
            await worker.UntilAsync("change Joined four");
            AssertOnly(worker, "change Joined four 1");
        }

        Assert.Equal(0, (await one.CallsAsync()).Failed);
        File.Delete(file);
        File.Delete(file + ".started");
    }

    [SkippableFact]
    public async Task A_worker_that_was_stopped_for_two_timeouts_commits_nothing_and_rejoins()
    {
        var (one, two, three) = await StartThreeAsync();
        var file = Path.Combine(Path.GetTempPath(), _cluster);
        one.Order($"hold three {file}");
        await UntilExistsAsync(file + ".started");

        await three.SignalAsync("STOP");
        var stopped = PauseAsync(StopLength);
        await one.UntilAsync("change Failed three");
        await two.UntilAsync("change Failed three");
        await one.UntilAsync("refused ");
        await stopped;
        await File.WriteAllTextAsync(file, "");
        await three.SignalAsync("CONT");

        await three.UntilAsync("log 2005 ");
        await three.UntilAsync("log 2006 ");
        await one.UntilAsync("change Joined three 2");
        await two.UntilAsync("change Joined three 2");
        Assert.DoesNotContain(one.Facts, fact => fact.StartsWith("held ", StringComparison.Ordinal));
        AssertOnly(one, "change Failed three 1", "change Joined three 2");
        AssertOnly(two, "change Failed three 1", "change Joined three 2");
        File.Delete(file);
        File.Delete(file + ".started");
    }

    private static void AssertOnly(WorkerProcess worker, params string[] changes) =>
        Assert.Equal(changes, worker.Changes.Where(change => !change.StartsWith("change AttributesChanged", StringComparison.Ordinal)));

    private static async Task UntilMoreCallsAsync(WorkerProcess worker, int more)
    {
        var (succeeded, _) = await worker.CallsAsync();
        while ((await worker.CallsAsync()).Succeeded < succeeded + more)
        {
            await Task.Yield();
        }
    }

    private static async Task UntilExistsAsync(string file)
    {
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(file)!, Path.GetFileName(file));
        var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => created.TrySetResult();
        watcher.EnableRaisingEvents = true;
        if (!File.Exists(file))
        {
            await created.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>An outage has a length; nothing happens at its end that could be waited for.</summary>
    private static async Task PauseAsync(TimeSpan length)
    {
        using var timer = new PeriodicTimer(length);
        await timer.WaitForNextTickAsync();
    }

    private static TimeSpan Seconds(string variable, string usual) =>
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable(variable) ?? usual, CultureInfo.InvariantCulture));

    private async Task<(WorkerProcess One, WorkerProcess Two, WorkerProcess Three)> StartThreeAsync(TimeSpan? sessionTimeout = null)
    {
        Assert.NotNull(Servers);
        foreach (var name in Names)
        {
            await StartAsync(name, sessionTimeout);
        }

        // Those that were there saw the later ones join; from here on every change counts.
        await _workers[0].UntilAsync("change Joined three");
        await _workers[1].UntilAsync("change Joined three");
        _workers.ForEach(worker => worker.ForgetChanges());
        return (_workers[0], _workers[1], _workers[2]);
    }

    private async Task<WorkerProcess> StartAsync(string name, TimeSpan? sessionTimeout = null)
    {
        var settings = new WorkerSettings { Name = name, ConnectString = Servers.ConnectString, Cluster = _cluster, SessionTimeout = sessionTimeout ?? SessionTimeout };
        var worker = WorkerProcess.Start(settings);
        _workers.Add(worker);
        await worker.UntilAsync("view ");
        return worker;
    }

    private async Task UntilMembersAsync(int count)
    {
        await using var client = await ZooKeeperClient.ConnectAsync(Servers.ConnectString);
        var watcher = client.CreateWatcher();
        while ((await client.GetChildrenAsync($"/grid/{_cluster}/members", watcher)).Count != count)
        {
            await watcher.Events.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        }
    }
}
