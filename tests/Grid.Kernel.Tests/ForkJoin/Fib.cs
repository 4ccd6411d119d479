namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>Fibonacci numbers without a cutoff.</summary>
internal sealed class Fib(int n) : ForkJoinTask<long>
{
    protected override long Compute()
    {
        if (n < 2)
        {
            return n;
        }

        var left = new Fib(n - 1);
        left.Fork();
        return new Fib(n - 2).Invoke() + left.Join();
    }
}
