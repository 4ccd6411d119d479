using System.Numerics;

namespace Grid.Samples.MonteCarlo;

/// <summary>
/// xoshiro256**, Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators" (2018), with the state filled by SplitMix64. The same numbers on
/// every machine and runtime, and a stream of its own for each block: <see cref="Random"/> promises neither.
/// </summary>
internal struct Xoshiro256
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public Xoshiro256(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    /// <summary>The stream of a block: seed and number are mixed into 256 bits of state.</summary>
    public static Xoshiro256 ForStream(ulong seed, ulong stream)
    {
        var mix = SplitMix64(ref seed) + stream;
        return new Xoshiro256(SplitMix64(ref mix), SplitMix64(ref mix), SplitMix64(ref mix), SplitMix64(ref mix));
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    private static ulong SplitMix64(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
