using System.Collections.Immutable;

namespace Grid.Discovery;

/// <summary>
/// A member as bytes, version 1, the same in a registry and in gossip. Fields in fixed order, big-endian: <c>"GM"</c>, version (1 byte), node id (16), incarnation (8), join
/// order (8; 0 where the registry itself has the order), state (1), oldest and newest protocol version (4 + 4), slots (4), name, endpoints (count; host, port), attributes
/// (count; key, value). Counts and lengths take 2 bytes. What follows is of later writers, or the provider's own, so a field may be added at the end without another version; a
/// version above 1 is one that this reader would misread.
/// </summary>
public static class MemberRecord
{
    /// <summary>The greatest record that is written or accepted: 64 KiB.</summary>
    public const int BytesMax = 64 * 1024;

    private const byte Version = 1;
    private const int NameCharsMax = 128;
    private const int PortMax = 65535;
    private const int StringBytesMin = 2;
    private static readonly ImmutableSortedDictionary<string, string> NoAttributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Writes a record.</summary>
    /// <param name="node">The member.</param>
    /// <returns>At most <see cref="BytesMax"/> bytes.</returns>
    /// <exception cref="GridConfigurationException">It is too large or holds text that is not Unicode.</exception>
    public static byte[] Encode(NodeInfo node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var writer = new RecordWriter();
        try
        {
            Write(writer, node);
        }
        catch (FormatException exception)
        {
            throw Refuse(node, $"cannot be written: {exception.Message}; the record may take {BytesMax} bytes in all. Correct its name, addresses or attributes");
        }

        return writer.Length <= BytesMax
            ? writer.ToArray()
            : throw Refuse(node, $"takes {writer.Length} bytes; at most {BytesMax} are accepted. Give it fewer or shorter attributes");
    }

    /// <summary>Reads a record; what follows it is skipped.</summary>
    /// <param name="data">The bytes.</param>
    /// <returns>The member.</returns>
    /// <exception cref="RecordFormatException">The data is not a record.</exception>
    public static NodeInfo Decode(ReadOnlySpan<byte> data) => Decode(data, out _);

    /// <summary>Reads a record and says where it ends.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="length">The number of bytes that the record takes.</param>
    /// <returns>The member.</returns>
    /// <exception cref="RecordFormatException">The data is not a record.</exception>
    public static NodeInfo Decode(ReadOnlySpan<byte> data, out int length)
    {
        if (data.Length > BytesMax)
        {
            throw new RecordFormatException($"it has {data.Length} bytes, more than {BytesMax}");
        }

        var reader = new RecordReader(data);
        if (reader.ReadByte() != (byte)'G' || reader.ReadByte() != (byte)'M')
        {
            throw new RecordFormatException("it does not begin like the record of a member");
        }

        var version = reader.ReadByte();
        var node = version == Version ? Read(ref reader) : throw new RecordFormatException($"it has format version {version}; this process reads {Version}");
        length = data.Length - reader.Remaining;
        return node;
    }

    private static void Write(RecordWriter writer, NodeInfo node)
    {
        writer.WriteByte((byte)'G');
        writer.WriteByte((byte)'M');
        writer.WriteByte(Version);
        writer.WriteUInt128(node.Id.Value);
        writer.WriteInt64(node.Incarnation);
        writer.WriteInt64(node.JoinOrder);
        writer.WriteByte(checked((byte)node.State));
        writer.WriteInt32(node.Protocol.Oldest);
        writer.WriteInt32(node.Protocol.Newest);
        writer.WriteInt32(node.Slots);
        writer.WriteString(node.Name);
        writer.WriteCount(node.Endpoints.Length);
        foreach (var endpoint in node.Endpoints)
        {
            writer.WriteString(endpoint.Host);
            writer.WriteInt32(endpoint.Port);
        }

        writer.WriteCount(node.Attributes.Count);
        foreach (var (key, value) in node.Attributes)
        {
            writer.WriteString(key);
            writer.WriteString(value);
        }
    }

    private static NodeInfo Read(ref RecordReader reader)
    {
        var id = new NodeId(reader.ReadUInt128());
        var incarnation = AtLeast(reader.ReadInt64(), 1, "incarnation");
        var joinOrder = AtLeast(reader.ReadInt64(), 0, "join order");
        var state = (NodeState)reader.ReadByte();
        if (state > NodeState.Leaving)
        {
            throw new RecordFormatException($"its state {(int)state} is unknown");
        }

        var oldest = (int)AtLeast(reader.ReadInt32(), 1, "oldest protocol version");
        var protocol = new ProtocolRange(oldest, (int)AtLeast(reader.ReadInt32(), oldest, "newest protocol version"));
        var slots = (int)AtLeast(reader.ReadInt32(), 0, "number of slots");
        var name = reader.ReadString();
        if (name.Length is 0 or > NameCharsMax)
        {
            throw new RecordFormatException($"its name has {name.Length} characters; expected 1 to {NameCharsMax}");
        }

        return new NodeInfo
        {
            Id = id,
            Incarnation = incarnation,
            Name = name,
            State = state,
            Protocol = protocol,
            Slots = slots,
            JoinOrder = joinOrder,
            Endpoints = ReadEndpoints(ref reader),
            Attributes = ReadAttributes(ref reader),
        };
    }

    private static ImmutableArray<NodeEndpoint> ReadEndpoints(ref RecordReader reader)
    {
        var endpoints = new NodeEndpoint[reader.ReadCount(StringBytesMin + sizeof(int))];
        for (var i = 0; i < endpoints.Length; i++)
        {
            var host = reader.ReadString();
            var port = AtLeast(reader.ReadInt32(), 0, "port");
            endpoints[i] = port <= PortMax ? new NodeEndpoint(host, (int)port) : throw new RecordFormatException($"its port {port} is above {PortMax}");
        }

        return ImmutableArray.Create(endpoints);
    }

    private static ImmutableSortedDictionary<string, string> ReadAttributes(ref RecordReader reader)
    {
        var count = reader.ReadCount(2 * StringBytesMin);
        if (count == 0)
        {
            return NoAttributes;
        }

        var builder = NoAttributes.ToBuilder();
        for (var i = 0; i < count; i++)
        {
            builder[reader.ReadString()] = reader.ReadString();
        }

        return builder.Count == count ? builder.ToImmutable() : throw new RecordFormatException("it has an attribute twice");
    }

    private static long AtLeast(long value, long least, string what) =>
        value >= least ? value : throw new RecordFormatException($"its {what} is {value}; expected at least {least}");

    private static GridConfigurationException Refuse(NodeInfo node, string why)
    {
        var name = node.Name.Length > NameCharsMax ? node.Name[..NameCharsMax] : node.Name;
        return new GridConfigurationException([$"Grid:Node: the record of node '{name}' {why}."]);
    }
}
