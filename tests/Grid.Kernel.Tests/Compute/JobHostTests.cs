using System.Text;
using Grid.Kernel.Compute;
using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Tests.Compute;

[Trait("Lane", "pure")]
public sealed class JobHostTests
{
    [Fact]
    public async Task A_job_runs_and_its_value_comes_back()
    {
        using var probe = new HostProbe();

        var (status, body) = await probe.Submit(() => 6 * 7);

        Assert.Equal(ReplyStatus.Returned, status);
        Assert.Equal(42, probe.Read<int>(body));
    }

    [Fact]
    public async Task What_a_job_throws_comes_back_with_its_stack()
    {
        using var probe = new HostProbe();

        var (status, body) = await probe.Submit((Func<int>)Fail);

        Assert.Equal(ReplyStatus.Threw, status);
        var exception = Assert.IsType<InvalidOperationException>(probe.ReadException(body));
        Assert.Equal("no such luck", exception.Message);
        Assert.Contains(nameof(Fail), exception.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_beyond_the_slots_wait_in_the_order_of_arrival()
    {
        using var probe = new HostProbe(slots: 1);
        string first = Gate.NewName(), order = Gate.NewName();
        var running = probe.Submit(() => Gate.Named(first).ArriveAndBlock());
        await Gate.Named(first).WaitForArrivalsAsync();
        var others = Enumerable.Range(0, 5).Select(index => WritingTo(order, index)).Select(probe.SubmitPlain).ToArray();

        Assert.Equal((1, 5), probe.Host.Scheduler.Load);
        Gate.Named(first).Open();
        await Task.WhenAll([running, .. others]);

        Assert.Equal([0, 1, 2, 3, 4], Journal.Read(order));
    }

    [Fact]
    public async Task A_full_queue_refuses_and_says_which_option_bounds_it()
    {
        using var probe = new HostProbe(slots: 1, new ComputeOptions { QueueMax = 1 });
        var gate = Gate.NewName();
        var running = probe.Submit(() => Gate.Named(gate).ArriveAndBlock());
        await Gate.Named(gate).WaitForArrivalsAsync();
        var waiting = probe.Submit(() => { });

        var (status, body) = await probe.Submit(() => { });

        Assert.Equal(ReplyStatus.Rejected, status);
        Assert.Contains("Grid:Compute:QueueMax", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        Gate.Named(gate).Open();
        await Task.WhenAll(running, waiting);
    }

    [Fact]
    public async Task A_job_cancelled_while_it_waits_is_never_run()
    {
        using var probe = new HostProbe(slots: 1);
        string gate = Gate.NewName(), ran = Gate.NewName();
        var running = probe.Submit(() => Gate.Named(gate).ArriveAndBlock());
        await Gate.Named(gate).WaitForArrivalsAsync();
        var waiting = probe.Submit(() => Gate.Named(ran).Arrive(), out var key);

        probe.Host.Cancellation.Cancel(key);
        Gate.Named(gate).Open();

        Assert.Equal(ReplyStatus.Rejected, (await waiting).Status);
        await running;
        Assert.Equal(0, Gate.Named(ran).Count);
    }

    [Fact]
    public async Task A_node_that_gives_all_up_tells_what_had_begun_from_what_had_not()
    {
        using var probe = new HostProbe(slots: 1);
        var gate = Gate.NewName();
        var running = probe.Submit((Func<IJobContext, Task>)(context =>
        {
            Gate.Named(gate).ArriveAndBlock();
            context.CancellationToken.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        }));
        await Gate.Named(gate).WaitForArrivalsAsync();
        var waiting = probe.Submit(() => { });

        probe.Host.Cancellation.CancelAll();
        Gate.Named(gate).Open();

        Assert.Equal(ReplyStatus.GivenUp, (await running).Status);
        Assert.Equal(ReplyStatus.Rejected, (await waiting).Status);
    }

    [Fact]
    public async Task A_running_job_sees_its_cancellation_at_once()
    {
        using var probe = new HostProbe();
        var gate = Gate.NewName();
        var job = probe.Submit(
            (Func<IJobContext, Task<bool>>)(context =>
            {
                Gate.Named(gate).ArriveAndBlock();
                return Task.FromResult(context.CancellationToken.IsCancellationRequested);
            }),
            out var key);
        await Gate.Named(gate).WaitForArrivalsAsync();

        probe.Host.Cancellation.Cancel(key);
        Gate.Named(gate).Open();

        Assert.True(probe.Read<bool>((await job).Body));
    }

    [Fact]
    public async Task A_job_that_awaits_keeps_its_slot_and_frees_its_thread()
    {
        using var probe = new HostProbe(slots: 1);
        string gate = Gate.NewName(), second = Gate.NewName();
        var awaiting = probe.Submit(() => Gate.Named(gate).ArriveAndAwaitAsync());
        await Gate.Named(gate).WaitForArrivalsAsync();
        var next = probe.Submit(() => Gate.Named(second).Arrive());

        Assert.Equal((1, 1), probe.Host.Scheduler.Load);
        Gate.Named(gate).Open();
        await Task.WhenAll(awaiting, next);
    }

    [Fact]
    public async Task The_code_after_an_await_runs_on_a_lane_with_the_jobs_context()
    {
        using var probe = new HostProbe();
        var gate = Gate.NewName();
        var job = probe.Submit((Func<Task<string>>)(async () =>
        {
            await Gate.Named(gate).ArriveAndAwaitAsync();
            return $"{Thread.CurrentThread.Name}, job {JobContext.Current?.JobId.Number}";
        }));
        await Gate.Named(gate).WaitForArrivalsAsync();
        Gate.Named(gate).Open();

        Assert.Equal("grid job lane 1, job 1", probe.Read<string>((await job).Body));
    }

    [Fact]
    public async Task What_a_job_leaves_in_the_flowing_context_is_gone_for_the_next()
    {
        using var probe = new HostProbe();

        await probe.Submit(() => Leftover.Value.Value = "left behind");
        var (_, body) = await probe.Submit(() => Leftover.Value.Value ?? "clean");

        Assert.Equal("clean", probe.Read<string>(body));
    }

    [Fact]
    public async Task A_fenced_node_takes_nothing_and_commits_nothing()
    {
        using var probe = new HostProbe();
        var gate = Gate.NewName();
        _ = probe.Submit(() => Gate.Named(gate).ArriveAndBlock(), out var key);
        await Gate.Named(gate).WaitForArrivalsAsync();

        probe.IsFenced = true;
        var (status, _) = await probe.Submit(() => 1);
        Gate.Named(gate).Open();
        await probe.Host.Scheduler.WhenEmptyAsync();

        Assert.Equal(ReplyStatus.Rejected, status);
        Assert.False(probe.HasReply(key));
    }

    [Fact]
    public async Task A_result_that_cannot_be_shipped_comes_back_as_that_failure()
    {
        using var probe = new HostProbe();

        var (status, body) = await probe.Submit((Func<object>)(() => new MemoryStream()));

        Assert.Equal(ReplyStatus.Threw, status);
        Assert.Contains("result", Assert.IsType<NotShippableException>(probe.ReadException(body)).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_in_place_of_a_delegate_is_refused_as_unreadable()
    {
        using var probe = new HostProbe();
        var request = new MessageBuffer();
        var bytes = request.GetSpan(JobHeader.Size + 50);
        new Random(3).NextBytes(bytes[..(JobHeader.Size + 50)]);
        new JobHeader(1, 1, -1, JobFlags.None, 50).Write(bytes);
        request.Advance(JobHeader.Size + 50);

        Assert.Equal(ReplyStatus.Unreadable, (await probe.Submit(request, 1, out _)).Status);
    }

    [Fact]
    public async Task A_job_past_its_deadline_is_cancelled()
    {
        var time = new Testing.ManualTimeProvider();
        using var probe = new HostProbe(time: time);
        var gate = Gate.NewName();
        var job = probe.Submit(
            (Func<IJobContext, Task<TimeSpan?>>)(context =>
            {
                Gate.Named(gate).ArriveAndBlock();
                return Task.FromResult(context.CancellationToken.IsCancellationRequested ? context.Remaining : null);
            }),
            remainingMs: 1000);
        await Gate.Named(gate).WaitForArrivalsAsync();

        time.Advance(TimeSpan.FromSeconds(2));
        Gate.Named(gate).Open();

        Assert.Equal(TimeSpan.Zero, probe.Read<TimeSpan?>((await job).Body));
    }

    private static Action WritingTo(string journal, int entry) => () => Journal.Write(journal, entry);

    private static int Fail() => throw new InvalidOperationException("no such luck");

    private static class Leftover
    {
        public static readonly AsyncLocal<string?> Value = new();
    }
}
