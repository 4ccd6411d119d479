using System.Collections.Immutable;

namespace Grid.Discovery.Gossip.Wire;

/// <summary>Everything that one side knows, for the exchange over TCP.</summary>
/// <param name="Cluster">The cluster; default while the sender has none.</param>
/// <param name="From">The sender's process.</param>
/// <param name="Digest">Of what the sender knows; who has the same digest answers without updates.</param>
/// <param name="Clock">The greatest count of joins that the sender heard of.</param>
/// <param name="Updates">All that the sender knows; empty when the digests are the same, or from a client.</param>
internal sealed record SyncMessage(ClusterId Cluster, NodeId From, ulong Digest, long Clock, ImmutableArray<MemberUpdate> Updates)
{
    private const byte Version = 1;

    public byte[] Encode()
    {
        var writer = new RecordWriter();
        writer.WriteByte(Version);
        writer.WriteUInt128(Cluster.Value);
        writer.WriteUInt128(From.Value);
        writer.WriteUInt64(Digest);
        writer.WriteInt64(Clock);
        writer.WriteCount(Updates.Length);
        foreach (var update in Updates)
        {
            UpdateCodec.Write(writer, update);
        }

        return writer.ToArray();
    }

    /// <exception cref="RecordFormatException">The bytes are not a message.</exception>
    public static SyncMessage Decode(ReadOnlySpan<byte> data)
    {
        var reader = new RecordReader(data);
        var version = reader.ReadByte();
        if (version != Version)
        {
            throw new RecordFormatException($"it has format version {version}; this process reads {Version}");
        }

        var cluster = new ClusterId(reader.ReadUInt128());
        var from = new NodeId(reader.ReadUInt128());
        var digest = reader.ReadUInt64();
        var clock = reader.ReadInt64();
        var updates = new MemberUpdate[reader.ReadCount(UpdateCodec.BytesMin)];
        for (var i = 0; i < updates.Length; i++)
        {
            updates[i] = UpdateCodec.Read(ref reader);
        }

        return new SyncMessage(cluster, from, digest, clock, ImmutableArray.Create(updates));
    }
}
