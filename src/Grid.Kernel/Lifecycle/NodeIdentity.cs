using System.Buffers.Binary;
using System.Globalization;

namespace Grid.Kernel.Lifecycle;

/// <summary>Makes the record by which the others will know a node.</summary>
internal static class NodeIdentity
{
    /// <summary>A record with an id of its own; where it listens is not known yet.</summary>
    public static NodeInfo Make(GridRuntimeSettings settings, Random random)
    {
        Span<byte> id = stackalloc byte[16];
        random.NextBytes(id);
        return new NodeInfo
        {
            Id = new NodeId(BinaryPrimitives.ReadUInt128LittleEndian(id)),
            Name = settings.Name,
            Slots = settings.IsClient ? 0 : settings.Slots,
            Attributes = settings.Attributes.SetItems(settings.Resources.Items.Select(
                resource => KeyValuePair.Create(NodeInfo.ResourcePrefix + resource.Key, resource.Value.ToString(CultureInfo.InvariantCulture)))),
        };
    }
}
