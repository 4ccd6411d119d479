namespace Grid.Serialization.Tests;

public class ConcurrencyTests
{
    /// <summary>Types that no other test uses, so that their formatters are made here, by all threads at once; they refer to each other.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Types_met_first_by_many_threads_at_once_are_coded_right(int seed)
    {
        var random = new Random(seed);
        Type[] leaves = [typeof(int), typeof(string), typeof(Guid), typeof(double[]), typeof(DateTime?), typeof(List<long>), typeof(Point), typeof(TreeNode)];
        var types = Enumerable.Range(0, 24).Select(_ => Mutual(leaves, random, random.Next(1, 4))).ToArray();
        using var start = new Barrier(8);
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();

        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            foreach (var type in types)
            {
                Code(type, failures);
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        Assert.Empty(failures);
    }

    [Fact]
    public void Many_threads_share_a_serializer()
    {
        var person = new Person("Ada", 36, 61.5, true, 5, DateTime.UnixEpoch);
        var offset = 3;
        Func<int, int> job = x => x + offset;

        var results = ParallelEnumerable.Range(0, 2000).WithDegreeOfParallelism(8).Select(i =>
        {
            var (copy, call, list) = Payload.RoundTrip((person, job, Enumerable.Range(0, i % 50).Select(n => new Animal($"{n}")).ToList()));
            return copy == person && call(i) == i + 3 && list.Count == i % 50;
        }).ToList();

        Assert.All(results, Assert.True);
    }

    private static Type Mutual(Type[] leaves, Random random, int depth)
    {
        var first = depth == 0 ? leaves[random.Next(leaves.Length)] : Mutual(leaves, random, depth - 1);
        return typeof(Ping<,>).MakeGenericType(first, leaves[random.Next(leaves.Length)]);
    }

    [Fact]
    public async Task What_another_thread_changes_while_it_is_written_is_refused_as_such()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var shared = Enumerable.Range(0, 1000).ToDictionary(key => key);
        var changing = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                shared.Remove(0);
                shared.Add(0, 0);
            }
        });

        NotShippableException? refusal = null;
        while (refusal is null && !end.IsCancellationRequested)
        {
            refusal = Record.Exception(() => Payload.Write(new Holder<Dictionary<int, int>> { First = shared })) is { } thrown ? Assert.IsType<NotShippableException>(thrown) : null;
        }

        await end.CancelAsync();
        await changing;
        Assert.Contains("another thread", Assert.IsType<NotShippableException>(refusal).Message, StringComparison.Ordinal);
    }

    private static void Code(Type type, System.Collections.Concurrent.ConcurrentQueue<string> failures)
    {
        var value = (IPing)Activator.CreateInstance(type)!;
        value.Link();
        var exception = Record.Exception(() =>
        {
            var copy = (IPing)Payload.RoundTrip<object>(value);
            if (!copy.IsLinked)
            {
                failures.Enqueue($"{type}: the cycle is broken");
            }
        });
        if (exception is not null)
        {
            failures.Enqueue($"{type}: {exception}");
        }
    }

    private interface IPing
    {
        bool IsLinked { get; }

        void Link();
    }

    private sealed class Ping<T1, T2> : IPing
    {
        public Pong<T1, T2>? Other;
        public T1? First { get; init; }

        public bool IsLinked => Other?.Other == this;

        public void Link() => Other = new Pong<T1, T2> { Other = this };
    }

    private sealed class Pong<T1, T2>
    {
        public Ping<T1, T2>? Other;
        public T2? Second { get; init; }
    }
}
