using Grid.Discovery.ZooKeeper.Records;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>What a session is opened for.</summary>
/// <param name="Local">The record to register; <see langword="null"/> for a client.</param>
/// <param name="Name">The name to register under, never used before.</param>
/// <param name="Predecessor">An earlier membership of this process, to be removed if it is still registered.</param>
/// <param name="Cluster">The cluster that this process belongs to, if it has joined one before.</param>
internal sealed record SessionRequest(NodeInfo? Local, MemberName Name, MemberName? Predecessor, ClusterId? Cluster);
