using System.Buffers.Binary;

namespace Grid.Kernel.Gossip.Wire;

/// <summary>Reads a message of <see cref="GossipWriter"/> from bytes that may be anything. It allocates nothing; a method that returns false has found the message malformed.</summary>
internal ref struct GossipReader(ReadOnlySpan<byte> bytes)
{
    private const int IdBytes = 16;
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public bool TryReadVersion() => TryReadByte(out var version) && version == GossipWriter.FormatVersion;

    public bool TryReadByte(out byte value)
    {
        value = 0;
        if (_rest.IsEmpty)
        {
            return false;
        }

        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    public bool TryReadStamp(out GossipStamp stamp)
    {
        stamp = default;
        if (!TryReadKey(out var key) || !TryReadNumber(uint.MaxValue, out var version))
        {
            return false;
        }

        stamp = new GossipStamp(key, (uint)version);
        return true;
    }

    /// <summary>Reads a difference up to its figures, which <see cref="TryReadFigure"/> reads one after the other.</summary>
    public bool TryReadDifference(out GossipDifference difference)
    {
        difference = default;
        if (!TryReadKey(out var key) || !TryReadNumber(uint.MaxValue, out var since) || !TryReadNumber(uint.MaxValue, out var version)
            || !TryReadNumber(uint.MaxValue, out var ageMs) || !TryReadNumber(ulong.MaxValue, out var changed) || !TryReadNumber(ulong.MaxValue, out var known)
            || version <= since || (known & ~changed) != 0)
        {
            return false;
        }

        difference = new GossipDifference(key, (uint)since, (uint)version, TimeSpan.FromMilliseconds(ageMs), changed, known);
        return true;
    }

    public bool TryReadFigure(out long value)
    {
        var isRead = TryReadNumber(long.MaxValue, out var number);
        value = (long)number;
        return isRead;
    }

    public bool TryReadNumber(ulong most, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (!TryReadByte(out var part) || (shift == 63 && part > 1))
            {
                return false;
            }

            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value <= most;
            }
        }

        return false;
    }

    private bool TryReadKey(out NodeKey key)
    {
        key = default;
        if (_rest.Length < IdBytes)
        {
            return false;
        }

        var id = new NodeId(BinaryPrimitives.ReadUInt128LittleEndian(_rest));
        _rest = _rest[IdBytes..];
        var isRead = TryReadNumber(long.MaxValue, out var incarnation) && incarnation >= 1;
        key = new NodeKey(id, (long)incarnation);
        return isRead;
    }
}
