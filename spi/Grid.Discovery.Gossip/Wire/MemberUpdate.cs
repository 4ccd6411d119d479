using System.Net;

namespace Grid.Discovery.Gossip.Wire;

/// <summary>One statement about one membership: the unit that spreads.</summary>
/// <param name="Key">The membership.</param>
/// <param name="Version">Counts what the member said of itself; only the member raises it (SWIM calls this the incarnation).</param>
/// <param name="Status">What is said.</param>
/// <param name="Address">Where the member gossips.</param>
/// <param name="JoinOrder">Its place in the order of joining, greater than 0.</param>
/// <param name="RecordHash">Of the record that belongs to the version; 0 for a seed, which has none and is not shown as a member.</param>
/// <param name="Record">The record (<see cref="MemberRecord"/>); empty when it was too large to travel along.</param>
/// <param name="Accuser">Who suspects; default otherwise.</param>
internal sealed record MemberUpdate(
    NodeKey Key,
    uint Version,
    MemberStatus Status,
    IPEndPoint Address,
    long JoinOrder,
    ulong RecordHash,
    ReadOnlyMemory<byte> Record,
    NodeId Accuser)
{
    /// <summary>A record above this many bytes does not travel in packets; who misses it asks for it over TCP.</summary>
    public const int InlineRecordBytesMax = 512;

    private const int FixedBytes = 16 + 8 + 4 + 1 + 8 + 8 + 4;

    /// <summary>Whether this is a seed without jobs, which takes part and is no member.</summary>
    public bool IsHidden => RecordHash == 0;

    /// <summary>What it takes on the wire.</summary>
    public int Bytes => FixedBytes + AddressCodec.BytesOf(Address) + Record.Length + (Status == MemberStatus.Suspect ? 16 : 0);

    /// <summary>The same as it goes into a packet.</summary>
    public MemberUpdate ForPacket() =>
        Record.Length > InlineRecordBytesMax || Status != MemberStatus.Alive ? this with { Record = default } : this;
}
