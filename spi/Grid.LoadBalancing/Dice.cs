namespace Grid.LoadBalancing;

/// <summary>
/// Chance for many threads without a lock and without allocation: a counter that all share, stirred by the finalizer of SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast Splittable
/// Pseudorandom Number Generators", 2014). One thread that draws alone sees a sequence that its seed determines.
/// </summary>
internal sealed class Dice(int seed)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong _state = Mix((ulong)seed + GoldenGamma); // Advanced by every caller.

    /// <summary>A number from 0 to below a bound, which is at least 1.</summary>
    public int Below(int bound) => (int)(((Mix(Interlocked.Add(ref _state, GoldenGamma)) >> 32) * (ulong)bound) >> 32);

    /// <summary>Stirs 64 bits so that each depends on all.</summary>
    public static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
