using Grid.Discovery.ZooKeeper.Records;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>What one revision of a member looks like in the registry.</summary>
/// <param name="Name">Its name under <c>members</c>.</param>
/// <param name="Data">Its record.</param>
/// <param name="Addresses">The paths of its addresses, each once.</param>
internal sealed record Registration(MemberName Name, byte[] Data, IReadOnlyList<string> Addresses)
{
    /// <summary>Writes a node down.</summary>
    /// <exception cref="GridConfigurationException">The record is too large, or an address cannot be written.</exception>
    public static Registration Of(NodeInfo node, MemberName name, ClusterPaths paths)
    {
        var data = MemberRecord.Encode(node);
        return new Registration(name, data, [.. node.Endpoints.Select(paths.Address).Distinct(StringComparer.Ordinal)]);
    }
}
