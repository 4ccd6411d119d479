namespace Grid.Discovery.ZooKeeper.Records;

/// <summary>
/// The data of a cluster's own znode: <c>"GC"</c>, layout version (1 byte), cluster id (16). Written once by whoever creates the cluster. A
/// layout that today's nodes cannot live with sets the data anew, so the znode's version is <see cref="ZNodeVersion"/> exactly while this layout is in force: registrations check it in their transaction.
/// </summary>
internal static class ClusterRecord
{
    public const byte LayoutVersion = 1;

    /// <summary>The version of the znode's data under layout 1: never set since its creation.</summary>
    public const int ZNodeVersion = 0;

    public static byte[] Encode(ClusterId id)
    {
        var writer = new RecordWriter();
        writer.WriteByte((byte)'G');
        writer.WriteByte((byte)'C');
        writer.WriteByte(LayoutVersion);
        writer.WriteUInt128(id.Value);
        return writer.ToArray();
    }

    /// <exception cref="RecordFormatException">The data is not a cluster's, or of another layout.</exception>
    public static ClusterId Decode(ReadOnlySpan<byte> data)
    {
        var reader = new RecordReader(data);
        if (reader.ReadByte() != (byte)'G' || reader.ReadByte() != (byte)'C')
        {
            throw new RecordFormatException("it does not begin like the record of a cluster");
        }

        var version = reader.ReadByte();
        return version == LayoutVersion
            ? new ClusterId(reader.ReadUInt128())
            : throw new RecordFormatException($"its layout has version {version}; this process knows {LayoutVersion}");
    }
}
