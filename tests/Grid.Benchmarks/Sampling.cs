using System.Diagnostics;

namespace Grid.Benchmarks;

/// <summary>Repeats an operation for a time, after a warm-up of half of it, and sums up.</summary>
internal static class Sampling
{
    public static async Task<double> MedianMicrosecondsAsync(double seconds, Func<ValueTask> operation)
    {
        for (var warm = Stopwatch.StartNew(); warm.Elapsed.TotalSeconds < seconds / 2;)
        {
            await operation();
        }

        var samples = new List<double>(1_000_000);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds;)
        {
            var start = Stopwatch.GetTimestamp();
            await operation();
            samples.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        samples.Sort();
        return samples[samples.Count / 2];
    }

    public static double PerSecond(double seconds, Action operation)
    {
        for (var warm = Stopwatch.StartNew(); warm.Elapsed.TotalSeconds < seconds / 2;)
        {
            operation();
        }

        var count = 0L;
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed.TotalSeconds < seconds; count++)
        {
            operation();
        }

        return count / clock.Elapsed.TotalSeconds;
    }
}
