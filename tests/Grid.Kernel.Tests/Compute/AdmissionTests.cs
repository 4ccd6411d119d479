using System.Text;
using Grid.Kernel.Compute;
using Grid.Kernel.Compute.Wire;
using Grid.Spi;

namespace Grid.Kernel.Tests.Compute;

/// <summary>How a node deals with its collision provider: resources, refusals, deferral, and one that fails.</summary>
[Trait("Lane", "pure")]
public sealed class AdmissionTests
{
    private static readonly JobOptions OneDevice = new() { Resources = ResourceAmounts.Of(("gpu", 1)) };
    private static readonly JobOptions TwoDevices = new() { Resources = ResourceAmounts.Of(("gpu", 2)) };

    [Fact]
    public async Task A_job_waits_for_a_device_and_lets_those_pass_that_need_none()
    {
        using var probe = new HostProbe(slots: 3);
        var gate = Gate.NewName();
        var first = probe.SubmitWith(TwoDevices, () => Gate.Named(gate).ArriveAndBlock(), out _);
        await Gate.Named(gate).WaitForArrivalsAsync();
        var second = probe.SubmitWith(OneDevice, () => 2, out var key);

        Assert.Equal(3, probe.Read<int>((await probe.Submit(() => 3)).Body));
        Assert.False(probe.HasReply(key));
        Gate.Named(gate).Open();

        Assert.Equal(2, probe.Read<int>((await second).Body));
        await first;
    }

    [Fact]
    public async Task All_jobs_that_an_end_makes_room_for_start()
    {
        using var probe = new HostProbe(slots: 4);
        string first = Gate.NewName(), both = Gate.NewName();
        var large = probe.SubmitWith(TwoDevices, () => Gate.Named(first).ArriveAndBlock(), out _);
        await Gate.Named(first).WaitForArrivalsAsync();
        Task one = probe.SubmitWith(OneDevice, BlockingAt(both), out _), two = probe.SubmitWith(OneDevice, BlockingAt(both), out _);

        Gate.Named(first).Open();
        await Gate.Named(both).WaitForArrivalsAsync(2);
        Gate.Named(both).Open();

        await Task.WhenAll(large, one, two);
    }

    [Fact]
    public async Task A_job_that_needs_more_than_the_node_has_is_refused_with_both_amounts()
    {
        using var probe = new HostProbe();

        var (status, body) = await probe.SubmitWith(new JobOptions { Resources = ResourceAmounts.Of(("gpu", 3)) }, () => 1, out _);

        Assert.Equal(ReplyStatus.Rejected, status);
        Assert.Equal("the job needs 3 gpu, and the node has 2 (Grid:Node:Resources:gpu)", Encoding.UTF8.GetString(body));
    }

    [Fact]
    public async Task A_job_that_the_provider_refuses_goes_back_with_its_reason()
    {
        using var probe = new HostProbe(collision: new Scripted((queue, _) => CollisionDecision.Reject(queue[0], "takes no batch jobs by day")));

        var (status, body) = await probe.Submit(() => 1);

        Assert.Equal((ReplyStatus.Rejected, "takes no batch jobs by day"), (status, Encoding.UTF8.GetString(body)));
        await probe.Host.Scheduler.WhenEmptyAsync();
    }

    [Fact]
    public async Task A_provider_that_throws_costs_one_job_at_a_time_and_the_node_goes_on()
    {
        var calls = 0;
        using var probe = new HostProbe(collision: new Scripted((queue, _) => ++calls <= 3 ? throw new InvalidTimeZoneException("no good") : CollisionDecision.Activate(queue[0])));
        var replies = new List<(ReplyStatus Status, byte[] Body)>();
        for (var i = 0; i < 5; i++)
        {
            replies.Add(await probe.Submit(() => 7));
        }

        Assert.Equal([ReplyStatus.Rejected, ReplyStatus.Rejected, ReplyStatus.Rejected, ReplyStatus.Returned, ReplyStatus.Returned], replies.Select(reply => reply.Status));
        Assert.Equal("the collision provider Scripted failed: no good", Encoding.UTF8.GetString(replies[0].Body));
    }

    [Fact]
    public async Task A_provider_that_activates_one_job_twice_gets_no_second_start()
    {
        IWaitingJob? first = null;
        using var probe = new HostProbe(slots: 2, collision: new Scripted((queue, _) => CollisionDecision.Activate(first ??= queue[0])));
        var gate = Gate.NewName();
        var running = probe.Submit(() => Gate.Named(gate).ArriveAndBlock());
        await Gate.Named(gate).WaitForArrivalsAsync();

        var (status, body) = await probe.Submit(() => 2);

        Assert.Equal(ReplyStatus.Rejected, status);
        Assert.Contains("which does not wait here", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        Gate.Named(gate).Open();
        Assert.Equal(ReplyStatus.Returned, (await running).Status);
        Assert.Equal(1, Gate.Named(gate).Count);
    }

    [Fact]
    public async Task A_provider_that_throws_at_arrivals_and_ends_does_no_harm()
    {
        using var probe = new HostProbe(collision: new Thrower());

        var (status, body) = await probe.Submit(() => 1);

        Assert.Equal(ReplyStatus.Rejected, status);
        Assert.Contains("Thrower failed", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        Assert.Equal((0, 0), probe.Host.Scheduler.Load);
    }

    [Fact]
    public async Task A_provider_that_defers_is_asked_again_after_a_second()
    {
        var time = new Testing.ManualTimeProvider();
        var isOpen = false;
        var asked = new SemaphoreSlim(0);
        using var probe = new HostProbe(time: time, collision: new Scripted((queue, _) =>
        {
            asked.Release();
            return isOpen ? CollisionDecision.Activate(queue[0]) : CollisionDecision.Defer;
        }));
        var job = probe.Submit(() => 1);
        Assert.True(await asked.WaitAsync(TimeSpan.FromSeconds(30)));

        isOpen = true;
        while (!job.IsCompleted)
        {
            // The reminder is armed when the lane has put the lock down.
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(ReplyStatus.Returned, (await job).Status);
    }

    [Fact]
    public async Task While_memory_is_short_one_job_runs_at_a_time()
    {
        using var probe = new HostProbe(slots: 2, new ComputeOptions { MemoryWatermark = 0.9 });
        string first = Gate.NewName(), second = Gate.NewName();
        probe.Host.LookAtMemory(new NodeMetrics { MemoryUsedBytes = 90, MemoryLimitBytes = 100 });
        Task one = probe.Submit(() => Gate.Named(first).ArriveAndBlock()), two = probe.Submit(() => Gate.Named(second).ArriveAndBlock());
        await Gate.Named(first).WaitForArrivalsAsync();
        Assert.Equal((1, 1), probe.Host.Scheduler.Load);
        Assert.True(probe.Host.Scheduler.IsPaused);

        probe.Host.LookAtMemory(new NodeMetrics { MemoryUsedBytes = 86, MemoryLimitBytes = 100 });
        Assert.True(probe.Host.Scheduler.IsPaused);
        probe.Host.LookAtMemory(new NodeMetrics { MemoryUsedBytes = 84, MemoryLimitBytes = 100 });

        await Gate.Named(second).WaitForArrivalsAsync();
        Gate.Named(first).Open();
        Gate.Named(second).Open();
        await Task.WhenAll(one, two);
    }

    [Fact]
    public async Task What_waits_is_handed_back_and_what_comes_is_refused_while_the_node_is_closed()
    {
        using var probe = new HostProbe(slots: 1);
        var gate = Gate.NewName();
        var running = probe.Submit(() => Gate.Named(gate).ArriveAndBlock());
        await Gate.Named(gate).WaitForArrivalsAsync();
        var waiting = probe.Submit(() => 2);

        probe.Host.Scheduler.Close("is draining");
        probe.Host.Cancellation.HandBackWaiting("is draining");
        var late = probe.Submit(() => 3);

        Assert.Equal((ReplyStatus.Rejected, "is draining"), ((await waiting).Status, Encoding.UTF8.GetString((await waiting).Body)));
        Assert.Equal(ReplyStatus.Rejected, (await late).Status);
        Gate.Named(gate).Open();
        Assert.Equal(ReplyStatus.Returned, (await running).Status);
        probe.Host.Scheduler.Close(null);
        Assert.Equal(ReplyStatus.Returned, (await probe.Submit(() => 4)).Status);
    }

    private static Action BlockingAt(string gate) => () => Gate.Named(gate).ArriveAndBlock();

    private sealed class Scripted(Func<IReadOnlyList<IWaitingJob>, IAdmissionRoom, CollisionDecision> next) : ICollisionSpi
    {
        private readonly List<IWaitingJob> _queue = [];

        public void OnArrived(IWaitingJob job) => _queue.Add(job);

        public CollisionDecision Next(IAdmissionRoom room)
        {
            var decision = next(_queue, room);
            _queue.RemoveAll(job => ReferenceEquals(job, decision.Job));
            return decision;
        }

        public void OnWithdrawn(IWaitingJob job) => _queue.Remove(job);
    }

    private sealed class Thrower : ICollisionSpi
    {
        public void OnArrived(IWaitingJob job) => throw new InvalidOperationException("not that one");

        public CollisionDecision Next(IAdmissionRoom room) => throw new InvalidOperationException("nothing waits");

        public void OnWithdrawn(IWaitingJob job) => throw new InvalidOperationException("nothing waits");
    }
}
