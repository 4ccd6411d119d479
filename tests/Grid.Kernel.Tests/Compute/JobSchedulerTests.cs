namespace Grid.Kernel.Tests.Compute;

/// <summary>How slots change hands around nested work; the jobs say themselves when nested work begins and ends.</summary>
[Trait("Lane", "pure")]
public sealed class JobSchedulerTests
{
    [Fact]
    public async Task A_job_that_awaits_nested_work_lends_its_slot()
    {
        using var probe = new HostProbe(slots: 1);
        string outer = Gate.NewName(), inner = Gate.NewName();
        var parent = probe.Submit((Func<IJobContext, Task>)(_ => Gate.Named(outer).ArriveAndAwaitAsync()), out var key);
        await Gate.Named(outer).WaitForArrivalsAsync();
        probe.Host.BeginNested(probe.Host.Scheduler.Find(key)!);

        // The parent is at rest already; the next piece of it shows that it has nested work now.
        var nudged = probe.Host.Scheduler.Find(key)!;
        nudged.Post(_ => { }, null);
        var child = probe.Submit(() => Gate.Named(inner).Arrive());
        await Gate.Named(inner).WaitForArrivalsAsync();
        await child;

        probe.Host.Scheduler.EndNested(nudged);
        Gate.Named(outer).Open();
        await parent;

        // The answer is out before the lane has come back to give the slot up.
        await probe.Host.Scheduler.WhenEmptyAsync();
        Assert.Equal((0, 0), probe.Host.Scheduler.Load);
    }

    [Fact]
    public async Task A_job_that_blocks_on_nested_work_lends_its_slot_too()
    {
        using var probe = new HostProbe(slots: 1);
        string outer = Gate.NewName(), inner = Gate.NewName();
        var parent = probe.Submit(() => Gate.Named(outer).ArriveAndBlock(), out var key);
        await Gate.Named(outer).WaitForArrivalsAsync();
        var run = probe.Host.Scheduler.Find(key)!;

        probe.Host.BeginNested(run);
        var child = probe.Submit(() => Gate.Named(inner).Arrive());
        await child;

        probe.Host.Scheduler.EndNested(run);
        Gate.Named(outer).Open();
        await parent;

        // The answer is out before the lane has come back to give the slot up.
        await probe.Host.Scheduler.WhenEmptyAsync();
        Assert.Equal((0, 0), probe.Host.Scheduler.Load);
    }

    [Fact]
    public async Task Seeded_mixes_of_jobs_leave_no_slot_taken_and_no_job_behind()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            using var probe = new HostProbe(slots: 1 + (seed % 3));
            var random = new Random(seed);
            var jobs = Enumerable.Range(0, 200).Select(_ => probe.Submit(MakeJob(random.Next(4)))).ToArray();

            await Task.WhenAll(jobs);
            await probe.Host.Scheduler.WhenEmptyAsync();

            Assert.True(probe.Host.Scheduler.Load == (0, 0), $"seed {seed}: {probe.Host.Scheduler.Load}");
        }
    }

    private static Delegate MakeJob(int kind) => kind switch
    {
        0 => () => 1,
        1 => async () =>
        {
            await Task.Yield();
            return 2;
        }
        ,
        2 => async () => await Task.Run(() => 3).ConfigureAwait(false),
        _ => (Func<Task<int>>)(async () =>
        {
            var both = await Task.WhenAll(Task.Run(() => 1), Task.Run(() => 2));
            await Task.Yield();
            return both.Sum();
        }),
    };
}
