using System.Collections.Concurrent;

namespace Grid.Discovery.InMemory;

/// <summary>
/// The clusters of one process, by name. Nodes that are given the same registry and cluster name find each other. A
/// cluster is created by whoever names it first and kept, with its identity and join order, as long as its registry.
/// </summary>
public sealed class InMemoryRegistry
{
    private static readonly ConcurrentDictionary<string, InMemoryRegistry> ByName = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, InMemoryCluster> _clusters = new(StringComparer.Ordinal);

    /// <summary>The registry of that name, shared by the whole process and kept until it ends.</summary>
    /// <param name="name">At least one character; compared ordinally.</param>
    public static InMemoryRegistry Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return ByName.GetOrAdd(name, static _ => new InMemoryRegistry());
    }

    /// <summary>Makes the discovery provider of one node.</summary>
    /// <param name="cluster">The name of the cluster, at least one character; compared ordinally.</param>
    public InMemoryDiscovery CreateDiscovery(string cluster)
    {
        ArgumentException.ThrowIfNullOrEmpty(cluster);
        return new InMemoryDiscovery(_clusters.GetOrAdd(cluster, static _ => new InMemoryCluster()));
    }
}
