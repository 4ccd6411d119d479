namespace Grid.Chaos.Load;

/// <summary>The right answers, by the sieve of Eratosthenes: computed once, at the client, in another way than the jobs do.</summary>
internal sealed class PrimeTable
{
    // At each index the primes up to that number.
    private readonly int[] _upTo;

    public PrimeTable(int most)
    {
        _upTo = new int[most + 1];
        var isComposite = new bool[most + 1];
        for (var number = 2; number <= most; number++)
        {
            for (var multiple = (long)number * number; !isComposite[number] && multiple <= most; multiple += number)
            {
                isComposite[multiple] = true;
            }

            _upTo[number] = _upTo[number - 1] + (isComposite[number] ? 0 : 1);
        }
    }

    /// <summary>How many of so many numbers are prime.</summary>
    public int Count(int first, int count) => _upTo[first + count - 1] - _upTo[first - 1];
}
