namespace Grid.Messaging;

/// <summary>Who the local node is in every handshake.</summary>
/// <param name="Node">The record of the local node; a client has no endpoints.</param>
/// <param name="Cluster">The cluster that it belongs to; a peer of another cluster is refused.</param>
public sealed record LocalPeer(NodeInfo Node, ClusterId Cluster);
