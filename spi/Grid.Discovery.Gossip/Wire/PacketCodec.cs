using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Grid.Discovery.Gossip.Wire;

/// <summary>
/// Packets on the wire, version 1: <c>"GS"</c>, version (1), kind (1), cluster (16), sender (16 + 8), receiver (16), nonce (8), in a ping request the subject (16 + address),
/// updates (2 + n), and the first 16 bytes of the HMAC-SHA256 of all that. The HMAC is checked before anything else is looked at.
/// </summary>
internal sealed class PacketCodec(ClusterKey key)
{
    /// <summary>Fits every link without fragments: 1,500 less the headers of IPv6, UDP and a tunnel.</summary>
    public const int PacketBytesMax = 1400;

    /// <summary>What is left for updates in the largest kind of packet.</summary>
    public const int UpdateBytesMax = PacketBytesMax - HeaderBytesMax - MacBytes;

    private const byte Version = 1;
    private const int MacBytes = 16;
    private const int HeaderBytesMax = 4 + 16 + 24 + 16 + 8 + 16 + 21 + 2;

    public byte[] Encode(SwimPacket packet, ClusterId cluster)
    {
        var writer = new RecordWriter();
        writer.WriteByte((byte)'G');
        writer.WriteByte((byte)'S');
        writer.WriteByte(Version);
        writer.WriteByte((byte)packet.Kind);
        writer.WriteUInt128(cluster.Value);
        writer.WriteUInt128(packet.From.Id.Value);
        writer.WriteInt64(packet.From.Incarnation);
        writer.WriteUInt128(packet.To.Value);
        writer.WriteUInt64(packet.Nonce);
        if (packet.Kind == PacketKind.PingRequest)
        {
            writer.WriteUInt128(packet.Subject.Value);
            AddressCodec.Write(writer, packet.SubjectAddress!);
        }

        writer.WriteCount(packet.Updates.Length);
        foreach (var update in packet.Updates)
        {
            UpdateCodec.Write(writer, update);
        }

        Span<byte> mac = stackalloc byte[ClusterKey.MacBytes];
        key.Sign(writer.Written, mac);
        writer.WriteBytes(mac[..MacBytes]);
        return writer.ToArray();
    }

    /// <summary>Reads a packet of this cluster; <see langword="null"/> for anything else.</summary>
    public SwimPacket? TryDecode(ReadOnlySpan<byte> data, ClusterId cluster)
    {
        if (data.Length is <= MacBytes or > PacketBytesMax)
        {
            return null;
        }

        Span<byte> mac = stackalloc byte[ClusterKey.MacBytes];
        key.Sign(data[..^MacBytes], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac[..MacBytes], data[^MacBytes..]))
        {
            return null;
        }

        try
        {
            return Read(data[..^MacBytes], cluster);
        }
        catch (RecordFormatException)
        {
            return null;
        }
    }

    private static SwimPacket? Read(ReadOnlySpan<byte> data, ClusterId cluster)
    {
        var reader = new RecordReader(data);
        if (reader.ReadByte() != (byte)'G' || reader.ReadByte() != (byte)'S' || reader.ReadByte() != Version)
        {
            return null;
        }

        var kind = (PacketKind)reader.ReadByte();
        if (kind is < PacketKind.Ping or > PacketKind.Gossip || reader.ReadUInt128() != cluster.Value)
        {
            return null;
        }

        var from = new NodeKey(new NodeId(reader.ReadUInt128()), reader.ReadInt64());
        var to = new NodeId(reader.ReadUInt128());
        var nonce = reader.ReadUInt64();
        var isRequest = kind == PacketKind.PingRequest;
        var subject = isRequest ? new NodeId(reader.ReadUInt128()) : default;
        var address = isRequest ? AddressCodec.Read(ref reader) : null;
        var updates = new MemberUpdate[reader.ReadCount(UpdateCodec.BytesMin)];
        for (var i = 0; i < updates.Length; i++)
        {
            updates[i] = UpdateCodec.Read(ref reader);
        }

        return new SwimPacket(kind, from, to, nonce, subject, address, ImmutableArray.Create(updates));
    }
}
