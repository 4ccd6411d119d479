namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>The real deque, alone and with thieves at it.</summary>
[Trait("Lane", "pure")]
public sealed class WorkDequeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Alone_it_is_a_stack_at_one_end_and_a_queue_at_the_other(int seed)
    {
        var random = new Random(seed);
        var deque = new WorkDeque();
        var expected = new LinkedList<ForkJoinTask>();
        for (var step = 0; step < 20_000; step++)
        {
            switch (random.Next(step < 10_000 ? 3 : 5))
            {
                case 0 or 1:
                    deque.Push(expected.AddLast(new Code<int>(() => 0)).Value);
                    break;
                case 2 or 3:
                    Assert.Equal(TakeLast(expected), deque.TryPop(out var popped) ? popped : null);
                    break;
                default:
                    Assert.Equal(TakeFirst(expected), deque.TrySteal());
                    break;
            }

            Assert.Equal(expected.Count, deque.Count);
        }

        Assert.True(expected.Count > 256, "the deque never grew: the test shows nothing");
    }

    [Fact]
    public void Only_the_newest_task_is_taken_back_by_name()
    {
        var deque = new WorkDeque();
        Code<int> older = new(() => 0), newer = new(() => 0);
        deque.Push(older);
        deque.Push(newer);

        Assert.False(deque.TryPop(older));
        Assert.True(deque.TryPop(newer));
        Assert.False(deque.TryPop(newer));
        Assert.True(deque.TryPop(older));
        Assert.Equal(0, deque.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void With_thieves_each_task_is_taken_once_and_each_thief_takes_older_tasks_first(int seed)
    {
        var history = new DequeHistory(seed, tasks: 100_000, thieves: 3);

        history.Record();

        Assert.Equal([], history.Faults());
    }

    [Fact]
    public void What_was_taken_is_not_kept_alive()
    {
        var deque = new WorkDeque();
        var (popped, stolen) = PushAndTake(deque);

        GC.Collect();

        Assert.False(popped.IsAlive, "the popped task");
        Assert.False(stolen.IsAlive, "the stolen task");
        GC.KeepAlive(deque);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static (WeakReference Popped, WeakReference Stolen) PushAndTake(WorkDeque deque)
    {
        deque.Push(new Code<int>(() => 0));
        deque.Push(new Code<int>(() => 0));
        return (new WeakReference(deque.TryPop(out var popped) ? popped : null), new WeakReference(deque.TrySteal()));
    }

    private static ForkJoinTask? TakeLast(LinkedList<ForkJoinTask> list)
    {
        var last = list.Last?.Value;
        if (last is not null)
        {
            list.RemoveLast();
        }

        return last;
    }

    private static ForkJoinTask? TakeFirst(LinkedList<ForkJoinTask> list)
    {
        var first = list.First?.Value;
        if (first is not null)
        {
            list.RemoveFirst();
        }

        return first;
    }
}
