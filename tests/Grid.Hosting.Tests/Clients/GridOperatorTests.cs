using Grid.Hosting.Tests.Configuration;
using Microsoft.Extensions.Logging;

namespace Grid.Hosting.Tests.Clients;

[Trait("Lane", "loopback")]
public sealed class GridOperatorTests : IAsyncLifetime
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);
    private readonly string _registry = Guid.NewGuid().ToString("n");
    private IGrid _worker = null!;
    private IGrid _client = null!;
    private GridOperator _operator = null!;

    public async Task InitializeAsync()
    {
        _worker = await GridNode.StartAsync(Settings.Create(("Discovery:InMemory:Registry", _registry), ("Node:Name", "worker-1"), ("Node:Slots", "1")));
        _client = await GridClient.ConnectAsync($"inmemory://{_registry}?cluster=demo&name=alice");
        _operator = await GridOperator.ConnectAsync($"inmemory://{_registry}?cluster=demo&name=bob", new GridClientOptions());
    }

    public async Task DisposeAsync()
    {
        await _operator.DisposeAsync();
        await _client.DisposeAsync();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task A_node_reports_what_it_is()
    {
        var report = await _operator.ReportAsync(_worker.LocalNode);

        Assert.Equal((1, 0, 0, 0), (report.Slots, report.Active, report.Waiting, report.JobCount));
        Assert.Equal((Environment.ProcessId, Environment.MachineName, ProtocolRange.Current), (report.ProcessId, report.Machine, report.Protocol));
        Assert.Equal("0.1.0", report.GridVersion);
    }

    [Fact]
    public async Task A_node_reports_what_runs_and_what_waits()
    {
        var named = await SubmitAsync(new JobOptions { Name = "nightly sums" });
        var waiting = await _client.With(new JobOptions { Name = "later" }).SubmitAsync(_ => Task.FromResult(1));

        var report = await UntilAsync(report => report is { JobCount: 2, Waiting: 1, Jobs: [{ Status: JobStatus.Running }, _] });

        var (first, second) = (report.Jobs[0], report.Jobs[1]);
        Assert.Equal((named.Id, 1, "nightly sums", "alice", JobStatus.Running), (first.Id, first.Attempt, first.Name, first.Submitter, first.Status));
        Assert.Equal((waiting.Id, "later", JobStatus.Waiting), (second.Id, second.Name, second.Status));
        Assert.Equal((1, 1), (report.Active, report.Waiting));
        await _operator.CancelAsync(_worker.LocalNode, named.Id);
        Assert.Equal(1, await waiting.Completion.WaitAsync(HangGuard));
    }

    [Fact]
    public async Task A_job_without_a_name_is_listed_under_its_method()
    {
        var handle = await SubmitAsync(JobOptions.Default);

        var report = await UntilAsync(report => report.Jobs is [{ Status: JobStatus.Running }]);

        Assert.Equal($"{nameof(GridOperatorTests)}.{nameof(SubmitAsync)}", report.Jobs[0].Name);
        handle.Cancel();
    }

    [Fact]
    public async Task A_job_that_an_operator_cancels_ends_at_its_submitter_with_who_did_it()
    {
        var handle = await SubmitAsync(new JobOptions { Name = "endless", MaxAttempts = 5 });
        await UntilAsync(report => report.Active == 1);

        Assert.Equal(1, await _operator.CancelAsync(_worker.LocalNode, handle.Id));

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => handle.Completion.WaitAsync(HangGuard));
        Assert.Matches("^Job endless was cancelled on worker-1 .* by bob.$", exception.Message);
        Assert.Equal(JobStatus.Cancelled, handle.Status);
        Assert.Equal(0, (await UntilAsync(report => report.JobCount == 0)).Active);
    }

    [Fact]
    public async Task A_job_that_is_nowhere_cannot_be_cancelled() =>
        Assert.Equal(0, await _operator.CancelAsync(_worker.LocalNode, new JobId(_client.LocalNode.Id, 999)));

    [Fact]
    public async Task A_caller_gets_the_log_lines_that_it_asked_for_in_order()
    {
        var options = new JobOptions { LogToCaller = LogLevel.Information };
        var handle = await _client.With(options).SubmitAsync(context =>
        {
            for (var i = 0; i < 100; i++)
            {
                TestLog.Line(context.Logger, i);
                TestLog.Detail(context.Logger, i);
            }

            return Task.FromResult("done");
        });

        var lines = new List<JobLogLine>();
        await foreach (var line in handle.LogAsync().WithCancellation(new CancellationTokenSource(HangGuard).Token))
        {
            lines.Add(line);
        }

        Assert.Equal("done", await handle.Completion);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => new JobLogLine(LogLevel.Information, $"line {i}")), lines);
    }

    private Task<IJobHandle<int>> SubmitAsync(JobOptions options) => _client.With(options).SubmitAsync(async context =>
    {
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
        return 0;
    });

    private async Task<NodeReport> UntilAsync(Func<NodeReport, bool> isWanted)
    {
        using var limit = new CancellationTokenSource(HangGuard);
        while (true)
        {
            var report = await _operator.ReportAsync(_worker.LocalNode, limit.Token);
            if (isWanted(report))
            {
                return report;
            }
        }
    }
}
