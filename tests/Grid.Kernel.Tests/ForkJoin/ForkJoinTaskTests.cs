namespace Grid.Kernel.Tests.ForkJoin;

[Trait("Lane", "pure")]
public sealed class ForkJoinTaskTests
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task The_result_is_the_same_on_any_number_of_workers(int slots)
    {
        using var probe = new EngineProbe(slots);

        Assert.Equal(75025, await probe.RunAsync(new Fib(25)));
    }

    [Fact]
    public async Task Several_computations_run_side_by_side()
    {
        using var probe = new EngineProbe(slots: 4);

        var results = await Task.WhenAll(Enumerable.Range(15, 6).Select(n => probe.RunAsync(new Fib(n))));

        Assert.Equal([610, 987, 1597, 2584, 4181, 6765], results);
    }

    [Fact]
    public async Task A_task_that_nobody_takes_runs_when_it_is_joined()
    {
        using var probe = new EngineProbe(slots: 1);
        var order = new List<string>();

        await probe.RunAsync(new Code<int>(() =>
        {
            var left = Code<int>.ForkNew(() => Note("forked"));
            return Note("parent") + left.Join();
        }));

        Assert.Equal(["parent", "forked"], order);
        int Note(string what)
        {
            order.Add(what);
            return 0;
        }
    }

    [Fact]
    public async Task A_forked_task_is_taken_by_another_worker()
    {
        using var probe = new EngineProbe(slots: 2);
        using var taken = new ManualResetEventSlim();

        var (parent, child) = await probe.RunAsync(new Code<(int, int)>(() =>
        {
            var left = Code<int>.ForkNew(() => Enter(taken));
            return taken.Wait(HangGuard) ? (Environment.CurrentManagedThreadId, left.Join()) : default;
        }));

        Assert.NotEqual(parent, child);
        Assert.True(probe.Metrics.Steals >= 1);
    }

    [Fact]
    public async Task A_worker_that_sleeps_until_a_stolen_task_is_done_wakes_up_for_new_work()
    {
        using var probe = new EngineProbe(slots: 2, options: new Kernel.ForkJoin.ForkJoinOptions { LooksMax = 0 });
        using var stolen = new ManualResetEventSlim();
        using var grandchild = new ManualResetEventSlim();

        var hasRun = await probe.RunAsync(new Code<bool>(() =>
        {
            var child = Code<bool>.ForkNew(() =>
            {
                stolen.Set();

                // Only the parent, which joins this very task, is left to run it.
                Code<int>.ForkNew(() => Enter(grandchild));
                return grandchild.Wait(HangGuard);
            });
            return stolen.Wait(HangGuard) && child.Join();
        }));

        Assert.True(hasRun);
    }

    [Fact]
    public async Task Tasks_may_be_joined_in_the_order_in_which_they_were_forked()
    {
        using var probe = new EngineProbe();

        var joined = await probe.RunAsync(new Code<int[]>(() =>
        {
            var tasks = Enumerable.Range(0, 1000).Select(i => Code<int>.ForkNew(() => i)).ToArray();
            return [.. tasks.Select(task => task.Join())];
        }));

        Assert.Equal(Enumerable.Range(0, 1000), joined);
    }

    [Fact]
    public async Task Joining_again_gives_the_same_outcome()
    {
        using var probe = new EngineProbe();

        var (twice, failures) = await probe.RunAsync(new Code<(int, int)>(() =>
        {
            var good = Code<int>.ForkNew(() => 21);
            var bad = Code<int>.ForkNew(() => throw new FormatException("bad"));
            return (good.Join() + good.Join(), Failures(bad) + Failures(bad));
        }));

        Assert.Equal((42, 2), (twice, failures));
        static int Failures(Code<int> task) => Record.Exception(() => task.Join()) is FormatException ? 1 : 0;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_comes_out_of_the_join_with_its_own_stack(bool isStolen)
    {
        using var probe = new EngineProbe(isStolen ? 2 : 1);
        using var taken = new ManualResetEventSlim(!isStolen);

        var thrown = await Assert.ThrowsAsync<FormatException>(() => probe.RunAsync(new Code<int>(() =>
        {
            var child = Code<int>.ForkNew(() => FailDeepInside(taken));
            return taken.Wait(HangGuard) ? child.Join() : 0;
        })));

        Assert.Contains(nameof(FailDeepInside), thrown.StackTrace, StringComparison.Ordinal);
        static int FailDeepInside(ManualResetEventSlim taken)
        {
            taken.Set();
            throw new FormatException("from inside");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task InvokeAll_ends_when_all_have_ended_and_throws_the_first_failure(int slots)
    {
        using var probe = new EngineProbe(slots);
        var ended = 0;

        var thrown = await Assert.ThrowsAsync<FormatException>(() => probe.RunAsync(new Code<int>(() =>
        {
            ForkJoinTask<int>[] tasks = [.. Enumerable.Range(0, 100).Select(i => new Code<int>(() =>
            {
                Interlocked.Increment(ref ended);
                return i % 40 == 7 ? throw new FormatException($"{i}") : i;
            }))];
            Code<int>.InvokeAll(tasks);
            return 0;
        })));

        Assert.Equal("7", thrown.Message);
        Assert.Equal(100, ended);
    }

    [Fact]
    public async Task After_InvokeAll_the_results_are_there()
    {
        using var probe = new EngineProbe();

        var sum = await probe.RunAsync(new Code<int>(() =>
        {
            ForkJoinTask<int>[] tasks = [.. Enumerable.Range(1, 100).Select(i => new Code<int>(() => i))];
            Code<int>.InvokeAll(tasks);
            return tasks.Sum(task => task.Join());
        }));

        Assert.Equal(5050, sum);
    }

    [Fact]
    public async Task Recursion_that_uses_up_the_stack_ends_with_an_exception()
    {
        using var probe = new EngineProbe(slots: 2);

        var thrown = await Assert.ThrowsAsync<InsufficientExecutionStackException>(() => probe.RunAsync(new Endless()));

        Assert.Contains("nested so deep", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(610, await probe.RunAsync(new Fib(15)));
    }

    [Fact]
    public void Outside_a_computation_forking_is_refused_with_advice()
    {
        Assert.Contains("IGrid.InvokeAsync", Assert.Throws<InvalidOperationException>(() => new Fib(3).Fork()).Message, StringComparison.Ordinal);
        Assert.Contains("IGrid.InvokeAsync", Assert.Throws<InvalidOperationException>(() => new Fib(3).Invoke()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new Fib(3).Join());
        Assert.Throws<InvalidOperationException>(() => ForkJoinTask.WaitFor(new TaskCompletionSource().Task));
    }

    [Fact]
    public async Task A_task_runs_once_and_is_joined_by_its_forker()
    {
        using var probe = new EngineProbe();

        var messages = await probe.RunAsync(new Code<string[]>(() =>
        {
            var forked = Code<int>.ForkNew(() => 1);
            var fresh = new Code<int>(() => 1);
            return [MessageOf(forked.Fork), MessageOf(() => forked.Invoke()), MessageOf(() => fresh.Join())];
        }));

        Assert.Contains("forked or invoked before", messages[0], StringComparison.Ordinal);
        Assert.Contains("forked or invoked before", messages[1], StringComparison.Ordinal);
        Assert.Contains("did not fork it", messages[2], StringComparison.Ordinal);
        static string MessageOf(Action act) => Record.Exception(act)?.Message ?? "nothing";
    }

    private static int Enter(ManualResetEventSlim entered)
    {
        entered.Set();
        return Environment.CurrentManagedThreadId;
    }

    private sealed class Endless : ForkJoinTask<int>
    {
        protected override int Compute()
        {
            var next = new Endless();
            next.Fork();
            return next.Join() + 1;
        }
    }
}
