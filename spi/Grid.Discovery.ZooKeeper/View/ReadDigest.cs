using System.Collections.Immutable;

namespace Grid.Discovery.ZooKeeper.View;

/// <summary>What the records of a list gave.</summary>
/// <param name="Members">All members, by join order.</param>
/// <param name="Changes">How many records came or went.</param>
/// <param name="Vanished">How many were gone again when they were read.</param>
/// <param name="Quarantined">Children found unusable now for the first time, with the reason.</param>
internal readonly record struct ReadDigest(ImmutableArray<NodeInfo> Members, int Changes, int Vanished, IReadOnlyList<string> Quarantined);
