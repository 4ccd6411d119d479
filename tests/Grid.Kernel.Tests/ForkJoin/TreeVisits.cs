namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>How often each part of a tree was run. Does not travel: for computations in one process.</summary>
internal sealed class TreeVisits(int numbers)
{
    private readonly int[] _counts = new int[numbers];
    private int _total;

    public int Total => Volatile.Read(ref _total);

    public IEnumerable<int> RunTwice => _counts.Select((count, number) => (count, number)).Where(visited => visited.count > 1).Select(visited => visited.number);

    /// <summary>Called at each visit, with how many there were.</summary>
    public Action<int>? Visited { get; init; }

    public void Add(int number)
    {
        Interlocked.Increment(ref _counts[number]);
        Visited?.Invoke(Interlocked.Increment(ref _total));
    }
}
