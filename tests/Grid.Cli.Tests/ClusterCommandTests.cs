using System.Text.Json;

namespace Grid.Cli.Tests;

[Trait("Lane", "processes")]
public sealed class ClusterCommandTests(FileCluster cluster) : IClassFixture<FileCluster>
{
    [Fact]
    public void A_worker_says_when_it_is_ready() =>
        Assert.Matches(@"^ready: worker-1 at 127\.0\.0\.1:\d+ in cluster demo \(2 slots\)$", cluster.ReadyLine);

    [Fact]
    public async Task Nodes_are_listed_in_a_table()
    {
        var result = (await RunAsync("nodes")).Expect(0);

        Assert.Matches(@"^NODE +STATE +ADDRESS +SLOTS +RUN +WAIT +UP +GRID$", result.Lines[0]);
        Assert.Contains(result.Lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^worker-1  available  127\.0\.0\.1:\d+ +2 +\d+ +0 +\d.* 0\.1\.0$"));
        Assert.Contains(result.Lines, line => line.StartsWith("worker-2  available", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nodes_are_listed_as_json()
    {
        using var json = JsonDocument.Parse((await RunAsync("nodes", "--json")).Expect(0).Output);

        var names = json.RootElement.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("name").GetString()!).ToList();
        Assert.Contains("worker-1", names);
        Assert.Contains("worker-2", names);
    }

    [Fact]
    public async Task A_job_is_listed_and_cancelled_and_its_submitter_is_told()
    {
        await using var running = GridProcess.Start(cluster.Environment, "run", FileCluster.Jobs, "Sums.Endless", "--name", "endless");
        var job = await UntilListedAsync("endless");
        var table = (await RunAsync("jobs")).Expect(0);
        Assert.Matches("^NODE +JOB +NAME +SUBMITTER +AGE +STATE$", table.Lines[0]);
        Assert.Contains(table.Lines, line => line.Contains($" {job}  endless ", StringComparison.Ordinal) && line.EndsWith("  running", StringComparison.Ordinal));

        var cancelled = (await RunAsync("cancel", job)).Expect(0);

        Assert.Matches($@"^{job} \(endless\) is cancelled on worker-\d$", cancelled.Lines[0]);
        var ended = (await running.WaitAsync()).Expect(1);
        Assert.Matches(@"Job endless was cancelled on worker-\d", ended.Errors);
        Assert.Contains("No job", (await RunAsync("cancel", job)).Expect(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_interrupted_takes_its_job_along()
    {
        await using var running = GridProcess.Start(cluster.Environment, "run", FileCluster.Jobs, "Sums.Endless", "--name", "interrupted");
        await UntilListedAsync("interrupted");

        await running.SignalAsync("INT");

        Assert.Equal("The job was cancelled.\n", (await running.WaitAsync()).Expect(1).Errors);
        Assert.DoesNotContain("interrupted", (await RunAsync("jobs")).Expect(0).Output, StringComparison.Ordinal);
    }

    /// <summary>The host's default would follow every folder below the one it was started in, to read appsettings.json again when it changes, which nothing here does.</summary>
    [Fact]
    public void A_worker_watches_no_files_where_it_was_started() =>
        Assert.DoesNotContain(Directory.GetFiles($"/proc/{cluster.Worker.Id}/fdinfo").Select(ReadIfOpen), info => info.Contains("inotify wd:", StringComparison.Ordinal));

    [Fact]
    public async Task The_doctor_finds_a_cluster_well()
    {
        var result = (await RunAsync("doctor")).Expect(0);

        Assert.All(result.Lines, line => Assert.StartsWith("ok    ", line, StringComparison.Ordinal));
        Assert.Equal(["configuration", "registry", "cluster"], result.Lines.Take(3).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        Assert.Contains(result.Lines, line => line.StartsWith("ok    worker-1             answers in ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_doctor_says_what_to_do_about_a_wrong_secret()
    {
        var result = (await GridProcess.RunAsync(With("GRID_SECRET", "quite another secret"), "doctor")).Expect(3);

        Assert.Contains("FAIL  worker-1             does not accept the secret", result.Output, StringComparison.Ordinal);
        Assert.Contains("Set GRID_SECRET to the secret of the cluster", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("quite another", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_finds_an_empty_cluster() =>
        Assert.Contains("FAIL  cluster              has no members", (await RunAsync("doctor", "--connect", cluster.Url("dmeo"))).Expect(3).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("nodes")]
    [InlineData("jobs")]
    [InlineData("cancel", "5f3a09c2-17")]
    [InlineData("drain", "worker-1")]
    public async Task Where_there_is_no_cluster_the_exit_code_is_3(params string[] arguments)
    {
        var result = (await RunAsync([.. arguments, "--connect", cluster.Url("dmeo"), "--wait", "3"])).Expect(3);

        Assert.Contains("knows no member of cluster dmeo", result.Errors.Replace('\n', ' '), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_opens_no_cluster()
    {
        var result = (await GridProcess.RunAsync(With("GRID_SECRET", "quite another secret"), "nodes")).Expect(3);

        Assert.Contains("do not accept this client", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_is_told_to_stop_lets_its_job_end_first()
    {
        var (worker, _) = await cluster.StartWorkerAsync("leaver");
        await using var running = GridProcess.Start(cluster.Environment, "run", FileCluster.Jobs, "Sums.Endless", "--node", "leaver", "--name", "kept");
        var job = await UntilListedAsync("kept");

        await worker.SignalAsync("TERM");
        await UntilNodesAsync(node => node.GetProperty("name").GetString() == "leaver" && node.GetProperty("state").GetString() == "draining");
        (await RunAsync("cancel", job)).Expect(0);

        var ended = await worker.WaitAsync();
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("left the cluster", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("suspect", ended.Errors, StringComparison.Ordinal);
        Assert.Matches(@"Code loaded: .* for \S+@\S+ \([0-9a-f]+#1\), ", ended.Errors);
        Assert.Contains("kept was cancelled on leaver", (await running.WaitAsync()).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_is_drained_and_put_back_and_stopped()
    {
        var (worker, _) = await cluster.StartWorkerAsync("tired");
        await using var running = GridProcess.Start(cluster.Environment, "run", FileCluster.Jobs, "Sums.Endless", "--node", "tired", "--name", "last");
        var job = await UntilListedAsync("last");

        Assert.Equal("tired is draining\n", (await RunAsync("drain", "tired")).Expect(0).Output);
        await UntilNodesAsync(node => node.GetProperty("name").GetString() == "tired" && node.GetProperty("state").GetString() == "draining");
        var refused = (await RunAsync("run", FileCluster.Jobs, "Sums.Endless", "--node", "tired")).Expect(1);
        Assert.Contains("is draining", refused.Errors.Replace('\n', ' '), StringComparison.Ordinal);
        Assert.Contains("tired still has 1 job", (await RunAsync("drain", "tired", "--until-idle", "0")).Expect(1).Errors, StringComparison.Ordinal);

        Assert.Equal("tired takes jobs again\n", (await RunAsync("drain", "tired", "--undo")).Expect(0).Output);
        await UntilNodesAsync(node => node.GetProperty("name").GetString() == "tired" && node.GetProperty("state").GetString() == "available");

        Assert.Equal("tired drains, and then stops\n", (await RunAsync("drain", "tired", "--stop")).Expect(0).Output);
        await using var leaving = GridProcess.Start(cluster.Environment, "drain", "tired", "--stop", "--until-idle", "120");
        await leaving.UntilAsync(static line => line.Contains("drains", StringComparison.Ordinal));
        (await RunAsync("cancel", job)).Expect(0);
        var ended = await worker.WaitAsync();
        Assert.EndsWith("tired has left the cluster\n", (await leaving.WaitAsync()).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("left the cluster", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("last was cancelled on tired", (await running.WaitAsync()).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_drain_a_worker_that_is_not_there_is_a_usage_error() =>
        Assert.Contains("No worker is named nobody", (await RunAsync("drain", "nobody")).Expect(2).Errors, StringComparison.Ordinal);

    private static string ReadIfOpen(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return ""; // Closed meanwhile.
        }
    }

    private Task<GridResult> RunAsync(params string[] arguments) => GridProcess.RunAsync(cluster.Environment, arguments);

    private Dictionary<string, string> With(string name, string value) => new(cluster.Environment) { [name] = value };

    private async Task<string> UntilListedAsync(string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            using var json = JsonDocument.Parse((await RunAsync("jobs", "--json")).Expect(0).Output);
            var job = json.RootElement.GetProperty("jobs").EnumerateArray().FirstOrDefault(job => job.GetProperty("name").GetString() == name && job.GetProperty("status").GetString() == "running");
            if (job.ValueKind == JsonValueKind.Object)
            {
                return job.GetProperty("id").GetString()!;
            }
        }
    }

    private async Task UntilNodesAsync(Func<JsonElement, bool> isWanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            using var json = JsonDocument.Parse((await RunAsync("nodes", "--json")).Expect(0).Output);
            if (json.RootElement.GetProperty("nodes").EnumerateArray().Any(isWanted))
            {
                return;
            }
        }
    }
}
