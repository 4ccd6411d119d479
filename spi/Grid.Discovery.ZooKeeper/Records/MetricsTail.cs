using System.Buffers.Binary;

namespace Grid.Discovery.ZooKeeper.Records;

/// <summary>Metrics behind a member's record in its znode, once they are exchanged through the registry: their length (2 bytes) and the bytes.</summary>
internal static class MetricsTail
{
    /// <summary>A record with metrics at its end.</summary>
    /// <param name="record">The record without.</param>
    /// <param name="metrics">Bytes of any meaning.</param>
    /// <exception cref="DiscoveryException">Both together are too large.</exception>
    public static byte[] Append(ReadOnlySpan<byte> record, ReadOnlySpan<byte> metrics)
    {
        var length = record.Length + sizeof(ushort) + metrics.Length;
        if (length > MemberRecord.BytesMax)
        {
            throw new DiscoveryException(
                $"The node's record takes {length} bytes with its metrics; at most {MemberRecord.BytesMax} are accepted. Give it fewer or shorter attributes, or exchange metrics by gossip.");
        }

        var data = new byte[length];
        record.CopyTo(data);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(record.Length), (ushort)metrics.Length);
        metrics.CopyTo(data.AsSpan(record.Length + sizeof(ushort)));
        return data;
    }

    /// <summary>Reads the metrics at the end of a record; <see langword="null"/> when it has none.</summary>
    /// <exception cref="RecordFormatException">The data is not a record.</exception>
    public static byte[]? Decode(ReadOnlySpan<byte> data)
    {
        _ = MemberRecord.Decode(data, out var length);
        var reader = new RecordReader(data[length..]);
        return reader.Remaining == 0 ? null : reader.ReadBytes(reader.ReadCount(1)).ToArray();
    }
}
