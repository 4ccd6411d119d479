using Grid.Chaos.Record;

namespace Grid.Chaos.Load;

/// <summary>What runs on the workers, which were built without it.</summary>
internal static class PrimeJob
{
    /// <summary>Counts the primes of an order by division, and records that it began and that it came to its end.</summary>
    public static Outcome Run(Order order)
    {
        var context = JobContext.Current ?? throw new InvalidOperationException("An order is run as a job.");
        var record = RecordFile.In(order.Folder);
        var member = $"{context.Fence.Member}";
        record.Write(new Entry(EntryKind.Began, order.Task, context.Attempt, member));
        var primes = Count(order.First, order.Count);

        // Deaf to cancellation on purpose: an attempt that was replaced shall come to its end, and be refused.
        using var never = new ManualResetEventSlim();
        never.Wait(order.Hold, CancellationToken.None);
        record.Write(new Entry(EntryKind.Committed, order.Task, context.Attempt, member));
        return new Outcome(order.Task, context.Attempt, primes);
    }

    /// <summary>How many of so many numbers are prime, by division.</summary>
    public static int Count(int first, int count)
    {
        var primes = 0;
        for (var number = first; number < first + count; number++)
        {
            primes += IsPrime(number) ? 1 : 0;
        }

        return primes;
    }

    private static bool IsPrime(int number)
    {
        if (number < 4 || number % 2 == 0)
        {
            return number is 2 or 3;
        }

        for (var divisor = 3; divisor * divisor <= number; divisor += 2)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }
}
