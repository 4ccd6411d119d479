using Grid.Kernel.ForkJoin;

namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>Tasks that only a helper can run: one must come, whatever has just happened. Each of these left its computation waiting for ever.</summary>
[Trait("Lane", "pure")]
public sealed class HelpTests
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_arrives_as_soon_as_a_node_takes_part_is_run()
    {
        using var cancellation = new CancellationTokenSource();
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EngineProbe? probe = null;
        var stealing = new StealingProbe
        {
            Joined = computation =>
            {
                computation.Import(new Code<bool>(() => ran.TrySetResult()));

                // The lane that was asked for comes at once.
                SpinWait.SpinUntil(() => ran.Task.IsCompleted || probe!.Lanes.HelpsEnded > 0, HangGuard);
            },
        };
        using (probe = new EngineProbe(slots: 2, stealing: stealing))
        {
            var taking = probe.ParticipateAsync(cancellation.Token);

            await ran.Task.WaitAsync(HangGuard);

            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        }
    }

    [Fact]
    public async Task What_a_helper_leaves_behind_for_a_job_is_run_after_the_job()
    {
        using var probe = new EngineProbe(slots: 1);
        var first = new TaskCompletionSource();
        var second = new TaskCompletionSource();

        var run = probe.RunAsync(new Code<int>(() =>
        {
            Code<int>.ForkNew(() =>
            {
                probe.Lanes.AreJobsWaiting = true;
                first.SetResult();
                return 0;
            });
            Code<int>.ForkNew(() =>
            {
                second.SetResult();
                return 0;
            });
            ForkJoinTask.WaitFor(second.Task);
            return 1;
        }));
        await first.Task.WaitAsync(HangGuard);
        Assert.True(SpinWait.SpinUntil(() => probe.Lanes.HelpsEnded > 0, HangGuard), "the helper did not make way");
        Assert.False(second.Task.IsCompleted);
        probe.Lanes.AreJobsWaiting = false;

        Assert.Equal(1, await run);
    }

    [Fact]
    public async Task A_task_that_came_back_is_run_though_the_worker_that_joins_it_may_not_help()
    {
        var stealing = new StealingProbe();
        using var probe = new EngineProbe(slots: 1, options: new ForkJoinOptions { HelpDepthMax = 0 }, stealing: stealing);

        var value = await probe.RunAsync(new Code<int>(() =>
        {
            var child = Code<int>.ForkNew(() => 7);
            Assert.Same(child, stealing.Computation.TakeOldest());
            stealing.Computation.Import(child);
            return child.Join();
        }));

        Assert.Equal(7, value);
    }
}
