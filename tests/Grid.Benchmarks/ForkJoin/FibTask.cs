namespace Grid.Benchmarks.ForkJoin;

/// <summary>Fibonacci numbers without a cutoff: nothing but forks.</summary>
internal sealed class FibTask(int n) : ForkJoinTask<long>
{
    /// <summary>How many tasks a computation forks.</summary>
    public static long ForksOf(int n) => n < 2 ? 0 : 1 + ForksOf(n - 1) + ForksOf(n - 2);

    protected override long Compute()
    {
        if (n < 2)
        {
            return n;
        }

        var left = new FibTask(n - 1);
        left.Fork();
        return new FibTask(n - 2).Invoke() + left.Join();
    }
}
