using System.Numerics;

namespace Grid.Kernel.Gossip.Sampling;

/// <summary>
/// Durations in buckets whose width grows with the duration: eight per power of two of a microsecond, so a value is known to an eighth, from one microsecond to
/// twelve days, in 312 numbers. (The layout of G. Tene's HdrHistogram with three significant bits.) Any thread records; one reads.
/// </summary>
/// <remarks>
/// The percentiles are those of the last few readings: at each, what was there loses a quarter and what is new is added. What has faded to less than a quarter of one record stays, so a
/// node without jobs still tells how long the last ones ran.
/// </remarks>
internal sealed class LatencyHistogram
{
    private const int SubBits = 3;
    private const int SubBuckets = 1 << SubBits;
    private const int PowersMax = 41;
    private const int Buckets = (PowersMax - SubBits + 1) * SubBuckets;
    private const long RecordWeight = 16;
    private const int FadeShift = 2;

    private readonly long[] _counts = new long[Buckets]; // Any thread adds.
    private readonly long[] _seen = new long[Buckets]; // The reader's own, like what follows.
    private readonly long[] _weights = new long[Buckets];

    /// <summary>Records a duration; a negative one counts as none, one of more than twelve days as twelve days.</summary>
    public void Record(TimeSpan duration) => Interlocked.Increment(ref _counts[BucketOf(duration.Ticks / TimeSpan.TicksPerMicrosecond)]);

    /// <summary>Takes in what was recorded since the last call.</summary>
    public void Advance()
    {
        for (var i = 0; i < Buckets; i++)
        {
            var count = Volatile.Read(ref _counts[i]);
            _weights[i] += ((count - _seen[i]) * RecordWeight) - (_weights[i] >> FadeShift);
            _seen[i] = count;
        }
    }

    /// <summary>The duration that a part of the records does not exceed, or null when nothing was recorded yet.</summary>
    /// <param name="part">Above 0, at most 1.</param>
    public double? PercentileMs(double part)
    {
        var total = 0L;
        foreach (var weight in _weights)
        {
            total += weight;
        }

        if (total == 0)
        {
            return null;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(total * part));
        var bucket = 0;
        for (var sum = _weights[0]; sum < rank; sum += _weights[bucket])
        {
            bucket++;
        }

        return UpperMicros(bucket) / 1000.0;
    }

    private static int BucketOf(long micros)
    {
        if (micros < SubBuckets)
        {
            return (int)Math.Max(0, micros);
        }

        var power = BitOperations.Log2((ulong)micros);
        var bucket = ((power - SubBits + 1) << SubBits) + (int)((micros >> (power - SubBits)) & (SubBuckets - 1));
        return Math.Min(bucket, Buckets - 1);
    }

    /// <summary>The greatest whole microsecond of a bucket.</summary>
    private static long UpperMicros(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        var shift = (bucket >> SubBits) - 1;
        return (((SubBuckets + (bucket & (SubBuckets - 1)) + 1L) << shift) - 1);
    }
}
