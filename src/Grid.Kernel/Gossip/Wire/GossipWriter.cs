using System.Buffers.Binary;
using System.Numerics;

namespace Grid.Kernel.Gossip.Wire;

/// <summary>
/// Writes one message of bounded size into a buffer that is used again and again. Numbers are written seven bits a byte, the lowest first; ids as 16 bytes, little-endian.
/// </summary>
/// <remarks>
/// Every message starts with the version of the format. Digest: flags, then (key, version) to the end. Reply and delta: the number of wants, (key, version) each, then
/// differences to the end: key, version before, version, age in milliseconds, the changed figures as bits, those of them that are known as bits, the known ones.
/// </remarks>
internal sealed class GossipWriter(int bytesMax)
{
    public const byte FormatVersion = 1;

    /// <summary>Bit 0 of a digest's flags: the sender is a client, which only asks.</summary>
    public const byte AsksOnly = 1;

    private const int NumberBytesMax = 10;
    private const int KeyBytesMax = 16 + NumberBytesMax;
    public const int StampBytesMax = KeyBytesMax + NumberBytesMax;
    private const int DifferenceBytesMax = KeyBytesMax + (5 * NumberBytesMax);

    private readonly byte[] _bytes = new byte[bytesMax];
    private int _end;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _end);

    public int RoomBytes => _bytes.Length - _end;

    public void Begin()
    {
        _bytes[0] = FormatVersion;
        _end = 1;
    }

    public void WriteFlags(byte flags) => _bytes[_end++] = flags;

    /// <summary>Writes a number; the caller has made sure that there is room for 10 bytes.</summary>
    public void WriteNumber(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes[_end++] = (byte)(value | 0x80);
        }

        _bytes[_end++] = (byte)value;
    }

    /// <returns>False when it does not fit any more; nothing is written then.</returns>
    public bool TryWriteStamp(NodeKey key, uint version)
    {
        if (RoomBytes < StampBytesMax)
        {
            return false;
        }

        WriteKey(key);
        WriteNumber(version);
        return true;
    }

    /// <summary>Writes what changed in an entry since a version.</summary>
    /// <returns>False when it does not fit any more; nothing is written then.</returns>
    public bool TryWriteDifference(GossipEntry entry, uint since, TimeSpan now)
    {
        var changed = entry.ChangedSince(since);
        if (RoomBytes < DifferenceBytesMax + (BitOperations.PopCount(changed) * NumberBytesMax))
        {
            return false;
        }

        WriteKey(entry.Node.Key);
        WriteNumber(since);
        WriteNumber(entry.Version);
        WriteNumber((ulong)entry.AgeAt(now).TotalMilliseconds);
        WriteFigures(entry.Values, changed);
        return true;
    }

    private void WriteFigures(ReadOnlySpan<long> values, ulong changed)
    {
        var known = 0UL;
        for (var bits = changed; bits != 0; bits &= bits - 1)
        {
            var field = BitOperations.TrailingZeroCount(bits);
            known |= values[field] == MetricSample.Unknown ? 0 : 1UL << field;
        }

        WriteNumber(changed);
        WriteNumber(known);
        for (var bits = known; bits != 0; bits &= bits - 1)
        {
            WriteNumber((ulong)values[BitOperations.TrailingZeroCount(bits)]);
        }
    }

    private void WriteKey(NodeKey key)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(_bytes.AsSpan(_end), key.Id.Value);
        _end += 16;
        WriteNumber((ulong)key.Incarnation);
    }
}
