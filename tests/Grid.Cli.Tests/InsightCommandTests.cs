using System.Text.Json;

namespace Grid.Cli.Tests;

/// <summary>The commands that say what the cluster does and why.</summary>
[Trait("Lane", "processes")]
public sealed class InsightCommandTests(FileCluster cluster) : IClassFixture<FileCluster>
{
    [Fact]
    public async Task Top_prints_workers_jobs_and_events_once()
    {
        await using var running = GridProcess.Start(cluster.Environment, "run", FileCluster.Jobs, "Sums.Endless", "--name", "watched");
        var job = await UntilListedAsync("watched", "running");

        var result = (await RunAsync("top", "--once")).Expect(0);

        Assert.Matches(@"^\d workers?, \d of \d slots busy, 0 waiting$", result.Lines[0]);
        Assert.Matches("^NODE +STATE +RUN +WAIT +CPU +LOAD +MEM +JOBS/S$", result.Lines[1]);
        Assert.Contains(result.Lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^worker-1  +available  [012]/2 +0 +\d+% +[▁▂▃▄▅▆▇█]+ +\d+MB +\d+$"));
        Assert.Contains(result.Lines, line => line.StartsWith(job, StringComparison.Ordinal) && line.EndsWith("  running", StringComparison.Ordinal));
        Assert.Contains(result.Lines, line => line.Contains("began to run", StringComparison.Ordinal));
        (await RunAsync("cancel", job)).Expect(0);
    }

    [Fact]
    public async Task Top_prints_json_for_programs()
    {
        using var json = await ReadJsonAsync("top");

        var worker = json.RootElement.GetProperty("nodes").EnumerateArray().First(node => node.GetProperty("name").GetString() == "worker-2");
        Assert.Equal("available", worker.GetProperty("state").GetString());
        Assert.True(worker.GetProperty("metrics").GetProperty("processMemoryBytes").GetInt64() > 0);
        Assert.Contains(json.RootElement.GetProperty("events").EnumerateArray(), happened => happened.GetProperty("event").GetProperty("kind").GetString() is "joined" or "jobStarted" or "jobEnded" or "jobAccepted");
    }

    [Fact]
    public async Task Explain_says_that_a_job_runs_and_that_another_waits_behind_it_and_what_its_submitter_knows()
    {
        var holders = new List<GridProcess>();
        for (var i = 0; i < 2; i++)
        {
            holders.Add(GridProcess.Start(cluster.Environment, "run", FileCluster.Jobs, "Sums.Endless", "--name", $"holder {i}", "--node", "worker-2"));
        }

        var first = await UntilListedAsync("holder 0", "running");
        var second = await UntilListedAsync("holder 1", "running");
        await using var queued = GridProcess.Start(cluster.Environment, "run", FileCluster.Jobs, "Sums.Endless", "--name", "queued", "--node", "worker-2");
        var waiting = await UntilListedAsync("queued", "waiting");

        var runs = Flat((await RunAsync("explain", first)).Expect(0).Output);
        var waits = Flat((await RunAsync("explain", waiting)).Expect(0).Output);

        Assert.Contains("worker-2 has had attempt 1 for ", runs, StringComparison.Ordinal);
        Assert.Contains("It runs.", runs, StringComparison.Ordinal);
        Assert.Matches(@"Its submitter \S+ has heard that attempt 1 runs on worker-2", runs);
        Assert.Contains("It waits for a slot: 2 of 2 are taken, and no job that waits came before it.", waits, StringComparison.Ordinal);
        Assert.Matches(@"It may not go to worker-1 \([^)]+\)\.", waits);
        foreach (var job in new[] { waiting, first, second })
        {
            (await RunAsync("cancel", job)).Expect(0);
        }

        foreach (var holder in holders)
        {
            await holder.WaitAsync();
            await holder.DisposeAsync();
        }
    }

    [Fact]
    public async Task Explain_still_knows_a_job_that_has_ended()
    {
        await using var running = GridProcess.Start(cluster.Environment, "run", FileCluster.Jobs, "Sums.Endless", "--name", "short");
        var job = await UntilListedAsync("short", "running");
        (await RunAsync("cancel", job)).Expect(0);
        (await running.WaitAsync()).Expect(1);

        var told = Flat((await RunAsync("explain", job)).Expect(0).Output);

        Assert.Contains("began to run", told, StringComparison.Ordinal);
        Assert.Contains("was cancelled by ", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_of_a_job_that_nobody_knows_says_so() =>
        Assert.Matches("None of [23] workers knows job 00000000-1", Flat((await RunAsync("explain", "00000000-1")).Expect(1).Errors));

    [Fact]
    public async Task Explain_of_something_that_is_no_job_is_bad_usage() =>
        Assert.Contains("'nonsense' is not a job", (await RunAsync("explain", "nonsense")).Expect(2).Errors, StringComparison.Ordinal);

    [Fact]
    public async Task A_worker_that_is_stopped_is_suspect_for_the_others_and_its_row_says_why()
    {
        var (worker, _) = await cluster.StartWorkerAsync("sleeper");
        await UntilNodeAsync("sleeper", "available");
        await worker.SignalAsync("STOP");

        var state = await UntilNodeAsync("sleeper", "silent");
        var told = Flat((await RunAsync("nodes")).Expect(0).Output);
        await worker.SignalAsync("CONT");

        Assert.Equal("silent", state);
        Assert.Contains("sleeper, seen from worker-1, is suspect:", told, StringComparison.Ordinal);
        await UntilNodeAsync("sleeper", "available");
    }

    private static string Flat(string text) => string.Join(' ', text.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries));

    private Task<GridResult> RunAsync(params string[] arguments) => GridProcess.RunAsync(cluster.Environment, arguments);

    /// <summary>JSON is for programs, which have no columns.</summary>
    private async Task<JsonDocument> ReadJsonAsync(string verb)
    {
        var result = await RunAsync(verb, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        return JsonDocument.Parse(result.Output);
    }

    private async Task<string> UntilListedAsync(string name, string status)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            using var json = await ReadJsonAsync("jobs");
            var job = json.RootElement.GetProperty("jobs").EnumerateArray().FirstOrDefault(job => job.GetProperty("name").GetString() == name && job.GetProperty("status").GetString() == status);
            if (job.ValueKind == JsonValueKind.Object)
            {
                return job.GetProperty("id").GetString()!;
            }
        }
    }

    private async Task<string> UntilNodeAsync(string name, string condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            using var json = await ReadJsonAsync("nodes");
            var node = json.RootElement.GetProperty("nodes").EnumerateArray().FirstOrDefault(node => node.GetProperty("name").GetString() == name);
            if (node.ValueKind == JsonValueKind.Object && node.GetProperty("condition").GetString() == condition)
            {
                return condition;
            }
        }
    }
}
