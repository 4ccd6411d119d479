namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>How computations end, wait and rest.</summary>
[Trait("Lane", "pure")]
public sealed class ComputationTests
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Cancelling_reaches_every_worker(int slots)
    {
        using var probe = new EngineProbe(slots);
        using var cancellation = new CancellationTokenSource();
        using var started = new CountdownEvent(1000);

        var run = probe.RunAsync(new Bush(started), cancellation.Token);
        Assert.True(started.Wait(HangGuard), $"{started.CurrentCount} tasks have not started");
        await cancellation.CancelAsync();

        // It returns only when all who helped have left.
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(cancellation.Token, thrown.CancellationToken);
        Assert.Equal(55, await probe.RunAsync(new Fib(10)));
    }

    [Fact]
    public async Task A_computation_whose_root_fails_ends_after_the_tasks_that_others_have_taken()
    {
        using var probe = new EngineProbe(slots: 2);
        using var taken = new ManualResetEventSlim();
        using var hasRootFailed = new ManualResetEventSlim();
        Exception? seen = null;

        await Assert.ThrowsAsync<FormatException>(() => probe.RunAsync(new Code<int>(() =>
        {
            Code<int>.ForkNew(() =>
            {
                taken.Set();
                hasRootFailed.Wait(HangGuard);
                seen = Record.Exception(() => ForkUntilRefused());
                return 0;
            });
            taken.Wait(HangGuard);
            hasRootFailed.Set();
            throw new FormatException("the root failed");
        })));

        Assert.IsType<OperationCanceledException>(seen);
        static void ForkUntilRefused()
        {
            while (true)
            {
                Code<int>.ForkNew(() => 0).Join();
            }
        }
    }

    [Fact]
    public async Task A_worker_that_waits_for_something_else_hands_its_place_to_another()
    {
        using var probe = new EngineProbe(slots: 1);
        var completion = new TaskCompletionSource<int>();

        // With one slot, only somebody in the place of the one that waits can run what it has forked.
        var value = await probe.RunAsync(new Code<int>(() =>
        {
            var child = Code<int>.ForkNew(() =>
            {
                completion.SetResult(probe.Lanes.Blocked);
                return 1;
            });
            return (10 * ForkJoinTask.WaitFor(completion.Task)) + child.Join();
        }));

        Assert.Equal(11, value);
        Assert.Equal(0, probe.Lanes.Blocked);
    }

    [Fact]
    public async Task What_is_waited_for_throws_its_own_exception()
    {
        using var probe = new EngineProbe(slots: 1);
        var failing = Task.Run(() => Task.FromException(new FormatException("elsewhere")));

        await Assert.ThrowsAsync<FormatException>(() => probe.RunAsync(new Code<int>(() =>
        {
            ForkJoinTask.WaitFor(failing);
            return 0;
        })));
    }

    [Fact]
    public async Task Cancelling_ends_a_wait_for_something_else()
    {
        using var probe = new EngineProbe(slots: 1);
        using var cancellation = new CancellationTokenSource();
        using var started = new ManualResetEventSlim();

        var run = probe.RunAsync(
            new Code<int>(() =>
            {
                started.Set();
                ForkJoinTask.WaitFor(new TaskCompletionSource().Task);
                return 0;
            }),
            cancellation.Token);
        Assert.True(started.Wait(HangGuard));
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(0, probe.Lanes.Blocked);
    }

    [Fact]
    public async Task At_rest_nobody_is_woken()
    {
        using var probe = new EngineProbe(slots: 8);
        await probe.RunAsync(new Fib(18));
        var requests = probe.Lanes.RequestCount;

        // A root that forks nothing wants no help, however long it runs.
        await probe.RunAsync(new Code<int>(() => Enumerable.Range(0, 100_000).Sum(i => i % 3)));

        Assert.Equal(requests, probe.Lanes.RequestCount);
        Assert.Equal(2, probe.Metrics.Computations);
    }

    [Fact]
    public async Task A_helper_makes_way_for_a_job_between_two_tasks()
    {
        using var probe = new EngineProbe(slots: 2);
        using var stolen = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();

        var thieves = await probe.RunAsync(new Code<int>(() =>
        {
            var first = Code<int>.ForkNew(() => Steal(stolen, goOn));
            Assert.True(stolen.Wait(HangGuard));
            probe.Lanes.AreJobsWaiting = true;
            var others = Enumerable.Range(0, 100).Select(_ => Code<int>.ForkNew(() => Environment.CurrentManagedThreadId)).ToArray();
            goOn.Set();
            var helper = first.Join();
            return others.Count(other => other.Join() == helper);
        }));

        Assert.Equal(0, thieves);
        static int Steal(ManualResetEventSlim stolen, ManualResetEventSlim goOn)
        {
            stolen.Set();
            goOn.Wait(HangGuard);
            return Environment.CurrentManagedThreadId;
        }
    }

    /// <summary>A tree without end.</summary>
    private sealed class Bush(CountdownEvent started) : ForkJoinTask<int>
    {
        protected override int Compute()
        {
            if (!started.IsSet)
            {
                TrySignal();
            }

            var left = new Bush(started);
            left.Fork();

            // Down one side it would end with the stack: after a while, go on beside.
            return StackIsLow() ? Loop() : new Bush(started).Invoke() + left.Join();
        }

        private static int Loop()
        {
            while (true)
            {
                Code<int>.ForkNew(() => 0).Join();
            }
        }

        private static bool StackIsLow() => ForkJoinWorker.Current!.StackBytesLeft < 1024 * 1024;

        private void TrySignal()
        {
            try
            {
                started.Signal();
            }
            catch (InvalidOperationException)
            {
                // Somebody else was the last one.
            }
        }
    }
}
