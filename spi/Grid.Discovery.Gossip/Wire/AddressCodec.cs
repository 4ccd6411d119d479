using System.Net;
using System.Net.Sockets;

namespace Grid.Discovery.Gossip.Wire;

/// <summary>An IP address and port: length of the address (1 byte: 4 or 16), the address, the port as 4 bytes. Zones of IPv6 do not travel.</summary>
internal static class AddressCodec
{
    public static int BytesOf(IPEndPoint address) => 1 + (address.AddressFamily == AddressFamily.InterNetwork ? 4 : 16) + sizeof(int);

    public static void Write(RecordWriter writer, IPEndPoint address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.Address.TryWriteBytes(bytes, out var count);
        writer.WriteByte((byte)count);
        writer.WriteBytes(bytes[..count]);
        writer.WriteInt32(address.Port);
    }

    public static IPEndPoint Read(ref RecordReader reader)
    {
        var count = reader.ReadByte();
        if (count is not 4 and not 16)
        {
            throw new RecordFormatException($"an address has {count} bytes; expected 4 or 16");
        }

        var ip = new IPAddress(reader.ReadBytes(count));
        var port = reader.ReadInt32();
        return port is > 0 and <= IPEndPoint.MaxPort ? new IPEndPoint(ip, port) : throw new RecordFormatException($"a port is {port}; expected 1 to 65535");
    }
}
