namespace Grid.Chaos.Load;

/// <summary>The same count as a fork/join computation, which spreads over the workers.</summary>
internal sealed class PrimeSplit(int first, int count) : ForkJoinTask<int>
{
    private const int LeafMax = 2_000;

    protected override int Compute()
    {
        if (count <= LeafMax)
        {
            return PrimeJob.Count(first, count);
        }

        var left = new PrimeSplit(first, count / 2);
        left.Fork();
        return new PrimeSplit(first + (count / 2), count - (count / 2)).Invoke() + left.Join();
    }
}
