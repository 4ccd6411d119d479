using System.Security.Cryptography;

namespace Grid.Discovery.Gossip.Swim;

/// <summary>Hashes that must be the same in every process, unlike those of the runtime.</summary>
internal static class RecordHash
{
    /// <summary>Of a record; never 0, which marks that there is none.</summary>
    public static ulong Of(ReadOnlySpan<byte> record)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(record, hash);
        return Math.Max(1, BitConverter.ToUInt64(hash));
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea, Flood 2014) over the parts.</summary>
    public static ulong Mix(params ReadOnlySpan<ulong> parts)
    {
        var hash = 0x9E3779B97F4A7C15UL;
        foreach (var part in parts)
        {
            hash = unchecked((hash ^ part) * 0xBF58476D1CE4E5B9UL);
            hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EBUL);
            hash ^= hash >> 31;
        }

        return hash;
    }
}
