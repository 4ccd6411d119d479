using System.Buffers.Binary;

namespace Grid.Messaging.Handshake;

/// <summary>
/// The first message of either side: fixed in size, and all that is parsed of a stranger. Layout, little-endian: magic (4), protocol oldest and newest
/// (2 each), refusal (1), unused (3), cluster (16), node (16), incarnation (8), expected node (16), expected incarnation (8), link last known to the
/// sender (8), nonce (32).
/// </summary>
internal readonly record struct Hello
{
    public const int SizeBytes = 116;

    public const int NonceBytes = 32;

    private const uint Magic = 0x4449_5247; // "GRID"
    private const int NonceOffset = SizeBytes - NonceBytes;

    public ProtocolRange Protocol { get; init; }

    /// <summary>Set by the side that was dialed, when it goes no further.</summary>
    public Refusal Refusal { get; init; }

    public ClusterId Cluster { get; init; }

    public NodeKey Sender { get; init; }

    /// <summary>Whom the dialer means to reach; the side that was dialed puts the dialer here.</summary>
    public NodeKey Expected { get; init; }

    /// <summary>The link to the peer that the sender knew last, or 0: tells a link that was lost from one that the sender has not heard of yet.</summary>
    public ulong LastLink { get; init; }

    /// <summary>Writes the message, with a nonce.</summary>
    public void Write(Span<byte> destination, ReadOnlySpan<byte> nonce)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[4..], (ushort)Protocol.Oldest);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], (ushort)Protocol.Newest);
        destination[8] = (byte)Refusal;
        destination[9..12].Clear();
        BinaryPrimitives.WriteUInt128LittleEndian(destination[12..], Cluster.Value);
        WriteKey(destination[28..], Sender);
        WriteKey(destination[52..], Expected);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[76..], LastLink);
        nonce.CopyTo(destination[NonceOffset..]);
    }

    /// <summary>Reads the message.</summary>
    /// <returns>Whether the magic is right; otherwise nothing else was looked at.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, out Hello hello)
    {
        hello = default;
        if (BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic)
        {
            return false;
        }

        hello = new Hello
        {
            Protocol = new ProtocolRange(BinaryPrimitives.ReadUInt16LittleEndian(source[4..]), BinaryPrimitives.ReadUInt16LittleEndian(source[6..])),
            Refusal = (Refusal)source[8],
            Cluster = new ClusterId(BinaryPrimitives.ReadUInt128LittleEndian(source[12..])),
            Sender = ReadKey(source[28..]),
            Expected = ReadKey(source[52..]),
            LastLink = BinaryPrimitives.ReadUInt64LittleEndian(source[76..]),
        };
        return true;
    }

    /// <summary>The nonce of a written message.</summary>
    public static ReadOnlySpan<byte> NonceOf(ReadOnlySpan<byte> source) => source.Slice(NonceOffset, NonceBytes);

    private static void WriteKey(Span<byte> destination, NodeKey key)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(destination, key.Id.Value);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], key.Incarnation);
    }

    private static NodeKey ReadKey(ReadOnlySpan<byte> source) =>
        new(new NodeId(BinaryPrimitives.ReadUInt128LittleEndian(source)), BinaryPrimitives.ReadInt64LittleEndian(source[16..]));
}
