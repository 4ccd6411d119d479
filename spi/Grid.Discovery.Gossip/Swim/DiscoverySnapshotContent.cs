using System.Collections.Immutable;

namespace Grid.Discovery.Gossip.Swim;

/// <summary>What a snapshot shows beside the link.</summary>
internal sealed record DiscoverySnapshotContent(long Version, ImmutableArray<NodeInfo> Members, ImmutableArray<NodeKey> Departed);
