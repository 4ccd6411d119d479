namespace Grid.Communication.Tcp;

/// <summary>
/// How many readers of a provider may look for bytes without sleeping: half of the processors. On a machine with two, one reader at a time; the
/// others sleep in the system at once, as they would without spinning.
/// </summary>
internal sealed class SpinBudget(int processors, TimeSpan duration, TimeProvider time)
{
    private readonly int _limit = Math.Max(1, processors / 2);
    private int _spinning;

    /// <summary>How long one look may take at most, in timestamp units of <see cref="Now"/>.</summary>
    public long DurationTicks { get; } = (long)(duration.TotalSeconds * time.TimestampFrequency);

    public long Now => time.GetTimestamp();

    public bool TryEnter()
    {
        if (DurationTicks == 0)
        {
            return false;
        }

        if (Interlocked.Increment(ref _spinning) <= _limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _spinning);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _spinning);
}
