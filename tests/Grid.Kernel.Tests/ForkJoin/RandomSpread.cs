using System.Collections.Concurrent;

namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>A random recursive computation that can travel: what each part does depends on the seed and its number only.</summary>
internal sealed class RandomSpread(int seed, int number, int height, string name) : ForkJoinTask<long>
{
    private const int HeightMax = 9;
    private const int FanOutMax = 4;
    private static readonly ConcurrentDictionary<string, VisitWatch> Watches = new();

    /// <summary>Tells when that many parts have begun, on whichever node.</summary>
    public static VisitWatch Watch(string name, int visits) => Watches.GetOrAdd(name, _ => new VisitWatch(visits, () => Watches.TryRemove(name, out VisitWatch? _)));

    /// <summary>The outcome, found out without forks: a value, or null for a failure.</summary>
    public long? Expected()
    {
        var random = RandomOf();
        var children = ChildrenOf(random);
        var standsFailures = random.Next(2) == 0;
        var isDoomed = random.Next(200) == 0;
        long sum = number;
        foreach (var child in children)
        {
            if (child.Expected() is { } value)
            {
                sum += value;
            }
            else if (!standsFailures)
            {
                return null;
            }
        }

        return isDoomed ? null : sum;
    }

    protected override long Compute()
    {
        if (Watches.TryGetValue(name, out var watch))
        {
            watch.Visit();
        }

        var random = RandomOf();
        var children = ChildrenOf(random);
        var standsFailures = random.Next(2) == 0;
        var isDoomed = random.Next(200) == 0;
        Array.ForEach(children, child => child.Fork());
        var sum = number + children.Reverse().Sum(child => Join(child, standsFailures));
        return isDoomed ? throw new FormatException($"{number}") : sum + (new Fib(12).Invoke() - 144);
    }

    private static long Join(RandomSpread child, bool standsFailures)
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

    private Random RandomOf() => new(unchecked((seed * 397) ^ (number * 7919)));

    private RandomSpread[] ChildrenOf(Random random)
    {
        var count = height >= HeightMax ? 0 : Math.Max(random.Next(FanOutMax + 1), height < 4 ? 3 : 0);
        return [.. Enumerable.Range(1, count).Select(child => new RandomSpread(seed, (number * FanOutMax) + child, height + 1, name))];
    }
}
