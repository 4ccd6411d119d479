using Grid.Kernel.Compute;
using Grid.Kernel.Compute.Wire;

namespace Grid.Kernel.Tests.Compute;

/// <summary>A job that waits ends at once; one that runs has its token, then its grace, and is then abandoned in its slot.</summary>
[Trait("Lane", "pure")]
public sealed class GradedCancellationTests
{
    private static readonly ComputeOptions Options = new() { CancelGrace = TimeSpan.FromSeconds(5) };

    private static readonly Func<int> One = () => 1;

    private readonly Testing.ManualTimeProvider _time = new();

    [Fact]
    public async Task A_waiting_job_that_is_cancelled_ends_while_the_slot_is_still_taken()
    {
        using var probe = new HostProbe(slots: 1, Options, _time);
        var gate = Gate.NewName();
        var running = probe.Submit(() => Gate.Named(gate).ArriveAndBlock());
        await Gate.Named(gate).WaitForArrivalsAsync();
        var waiting = probe.Submit(() => 1, out var key);

        probe.Host.Cancellation.Cancel(key);

        Assert.Equal(ReplyStatus.Rejected, (await waiting).Status);
        Assert.Equal((1, 0), probe.Host.Scheduler.Load);
        Gate.Named(gate).Open();
        await running;
    }

    [Fact]
    public async Task A_waiting_job_ends_at_its_deadline()
    {
        using var probe = new HostProbe(slots: 1, Options, _time);
        var gate = Gate.NewName();
        var running = probe.Submit(() => Gate.Named(gate).ArriveAndBlock());
        await Gate.Named(gate).WaitForArrivalsAsync();
        var waiting = probe.Submit(() => 1, remainingMs: 1000);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ReplyStatus.Rejected, (await waiting).Status);
        Gate.Named(gate).Open();
        await running;
    }

    [Fact]
    public async Task A_job_that_ignores_its_token_is_abandoned_after_the_grace_and_keeps_its_slot()
    {
        using var probe = new HostProbe(slots: 1, Options, _time);
        var gate = Gate.NewName();
        var job = probe.Submit(() => Gate.Named(gate).ArriveAndBlock(), out var key);
        await Gate.Named(gate).WaitForArrivalsAsync();
        var next = probe.Submit(() => 2);

        probe.Host.Cancellation.Cancel(key);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(probe.HasReply(key));
        _time.Advance(TimeSpan.FromSeconds(0.2));

        var (status, body) = await job;
        Assert.Equal(ReplyStatus.GivenUp, status);
        Assert.Contains("abandoned", System.Text.Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        Assert.Equal(JobStatus.Abandoned, probe.Host.ListJobs(10).Oldest[0].Status);
        Assert.Equal(1, probe.Metrics.Abandoned);
        Assert.Equal((1, 1), probe.Host.Scheduler.Load);

        Gate.Named(gate).Open();
        Assert.Equal(2, probe.Read<int>((await next).Body));
        await probe.Host.Scheduler.WhenEmptyAsync();
        Assert.Equal((0, 0), probe.Host.Scheduler.Load);
        Assert.Equal(0, probe.Metrics.Abandoned);
    }

    [Fact]
    public async Task A_job_past_its_deadline_is_abandoned_after_the_grace()
    {
        using var probe = new HostProbe(slots: 1, Options, _time);
        var gate = Gate.NewName();
        var job = probe.Submit(() => Gate.Named(gate).ArriveAndAwaitAsync(), out var key, remainingMs: 1000);
        await Gate.Named(gate).WaitForArrivalsAsync();

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(probe.HasReply(key));
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(ReplyStatus.GivenUp, (await job).Status);
        Assert.Equal((1, 0), probe.Host.Scheduler.Load);
        Gate.Named(gate).Open();
        await probe.Host.Scheduler.WhenEmptyAsync();
        Assert.Equal((0, 0), probe.Host.Scheduler.Load);
    }

    [Fact]
    public async Task A_job_that_an_operator_cancelled_tells_its_submitter_who_it_was_when_it_is_abandoned()
    {
        using var probe = new HostProbe(slots: 1, Options, _time);
        var gate = Gate.NewName();
        var job = probe.Submit(() => Gate.Named(gate).ArriveAndBlock(), out var key);
        await Gate.Named(gate).WaitForArrivalsAsync();

        Assert.Equal(1, probe.Host.Cancellation.Cancel(new JobId(key.Submitter.Id, key.Number), "ada"));
        _time.Advance(TimeSpan.FromSeconds(5));

        var (status, body) = await job;
        Assert.Equal((ReplyStatus.Cancelled, "ada"), (status, System.Text.Encoding.UTF8.GetString(body)));
        Gate.Named(gate).Open();
        await probe.Host.Scheduler.WhenEmptyAsync();
    }

    [Fact]
    public async Task A_job_that_heeds_its_token_in_time_is_never_abandoned()
    {
        using var probe = new HostProbe(slots: 1, Options, _time);
        var gate = Gate.NewName();
        var job = probe.Submit(
            (Func<IJobContext, Task>)(context =>
            {
                Gate.Named(gate).ArriveAndBlock();
                context.CancellationToken.ThrowIfCancellationRequested();
                return Task.CompletedTask;
            }),
            out var key);
        await Gate.Named(gate).WaitForArrivalsAsync();

        probe.Host.Cancellation.Cancel(key);
        Gate.Named(gate).Open();

        Assert.Equal(ReplyStatus.GivenUp, (await job).Status);
        await probe.Host.Scheduler.WhenEmptyAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, probe.Metrics.Abandoned);
    }

    [Fact]
    public async Task An_abandoned_job_that_throws_at_last_is_ended_too()
    {
        using var probe = new HostProbe(slots: 1, Options, _time);
        var gate = Gate.NewName();
        var job = probe.Submit(
            (Func<Task>)(async () =>
            {
                await Gate.Named(gate).ArriveAndAwaitAsync();
                throw new InvalidOperationException("too late");
            }),
            out var key);
        await Gate.Named(gate).WaitForArrivalsAsync();
        probe.Host.Cancellation.Cancel(key);
        _time.Advance(TimeSpan.FromSeconds(5));
        await job;

        Gate.Named(gate).Open();
        await probe.Host.Scheduler.WhenEmptyAsync();

        Assert.Equal((0, 0), probe.Host.Scheduler.Load);
        Assert.Equal(0, probe.Metrics.Abandoned);
    }

    [Fact]
    public async Task Ten_thousand_waiting_jobs_of_a_submitter_that_is_gone_leave_at_once()
    {
        using var probe = new HostProbe(slots: 1, Options, _time);
        var gate = Gate.NewName();
        var running = probe.Submit(() => Gate.Named(gate).ArriveAndBlock(), out var key);
        await Gate.Named(gate).WaitForArrivalsAsync();
        var waiting = Enumerable.Range(0, 10_000).Select(_ => One).Select(probe.SubmitPlain).ToArray();

        probe.Host.Cancellation.CancelAllOf(key.Submitter);

        Assert.All(await Task.WhenAll(waiting), reply => Assert.Equal(ReplyStatus.Rejected, reply.Status));
        Assert.Equal((1, 0), probe.Host.Scheduler.Load);
        Gate.Named(gate).Open();
        await running;
    }

    [Fact]
    public async Task Seeded_cancellations_at_any_moment_leave_one_answer_per_job_and_no_slot_taken()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var probe = new HostProbe(slots: 1 + (seed % 3), Options with { CancelGrace = TimeSpan.Zero });
            var random = new Random(seed);
            var jobs = new List<Task<(ReplyStatus Status, byte[] Body)>>();
            for (var i = 0; i < 200; i++)
            {
                jobs.Add(i % 3 == 0 ? probe.Submit(() => Thread.SpinWait(2000), out var key) : probe.Submit((Func<Task>)(async () => await Task.Yield()), out key));
                if (random.Next(2) == 0)
                {
                    var cancelled = key;
                    jobs.Add(Task.Run(() => probe.Host.Cancellation.Cancel(cancelled)).ContinueWith(_ => (ReplyStatus.GivenUp, Array.Empty<byte>()), TaskScheduler.Default));
                }
            }

            await Task.WhenAll(jobs);
            await probe.Host.Scheduler.WhenEmptyAsync();

            Assert.True(probe.Host.Scheduler.Load == (0, 0), $"seed {seed}: {probe.Host.Scheduler.Load}");
            Assert.True(probe.Metrics.Abandoned == 0, $"seed {seed}: {probe.Metrics.Abandoned} abandoned");
        }
    }
}
