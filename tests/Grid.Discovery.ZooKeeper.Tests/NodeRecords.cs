using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Grid.Discovery.ZooKeeper.Tests;

/// <summary>Records for tests.</summary>
internal static class NodeRecords
{
    public static NodeInfo New(string name, int port = 47100) => New(name, Guid.NewGuid().ToByteArray(), port);

    /// <summary>A record whose id depends on the number alone.</summary>
    public static NodeInfo Number(byte number) => New($"node-{number}", [number, .. new byte[15]], 47100 + number);

    private static NodeInfo New(string name, byte[] id, int port) => new()
    {
        Id = new NodeId(BinaryPrimitives.ReadUInt128LittleEndian(id)),
        Name = name,
        Endpoints = [new NodeEndpoint("10.0.0.1", port)],
        Slots = 4,
        Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("zone", "eu-1"),
    };
}
