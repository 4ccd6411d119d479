namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>
/// A random recursive computation. What each part does (how it splits, in which order it joins, whether it throws or stands a child's failure) depends on the seed and its
/// number only, so the outcome does not depend on who runs what.
/// </summary>
internal sealed class RandomTree(int seed, int number, int height, TreeVisits visits) : ForkJoinTask<long>
{
    private const int HeightMax = 9;
    private const int FanOutMax = 4;

    /// <summary>How many numbers the parts of a tree may have.</summary>
    public static int NumbersMax { get; } = (int)Math.Pow(FanOutMax, HeightMax + 1);

    /// <summary>The outcome, found out without forks: a value, or null for a failure.</summary>
    public long? Expected()
    {
        var random = RandomOf();
        var children = ChildrenOf(random);
        var choice = random.Next(4);
        var standsFailures = random.Next(2) == 0;
        var doom = random.Next(60);
        long sum = number;
        foreach (var child in children)
        {
            if (child.Expected() is { } value)
            {
                sum += value;
            }
            else if (!standsFailures || choice == 3)
            {
                return null;
            }
        }

        return doom < 2 ? null : sum;
    }

    protected override long Compute()
    {
        visits.Add(number);
        var random = RandomOf();
        var children = ChildrenOf(random);
        var choice = random.Next(4);
        var standsFailures = random.Next(2) == 0;
        var doom = random.Next(60);
        if (choice == 3)
        {
            InvokeAll(children);
            return Finish(number + children.Sum(child => child.Join()), doom);
        }

        Array.ForEach(children, child => child.Fork());
        if (doom == 0)
        {
            // What was forked is left behind.
            throw new FormatException($"{number}");
        }

        var order = choice switch { 0 => children, 1 => [.. children.Reverse()], _ => [.. children.OrderBy(_ => random.Next())] };
        return Finish(number + order.Sum(child => Join(child, standsFailures)), doom);
    }

    private static long Join(RandomTree child, bool standsFailures)
    {
        try
        {
            return child.Join();
        }
        catch (FormatException) when (standsFailures)
        {
            return 0;
        }
    }

    private long Finish(long sum, int doom) => doom < 2 ? throw new FormatException($"{number}") : sum;

    private Random RandomOf() => new(unchecked((seed * 397) ^ (number * 7919)));

    private RandomTree[] ChildrenOf(Random random)
    {
        var count = height >= HeightMax ? 0 : Math.Max(random.Next(FanOutMax + 1), height < 2 ? 2 : 0);
        return [.. Enumerable.Range(1, count).Select(child => new RandomTree(seed, (number * FanOutMax) + child, height + 1, visits))];
    }
}
