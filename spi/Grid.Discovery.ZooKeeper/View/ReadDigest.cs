using System.Collections.Immutable;

namespace Grid.Discovery.ZooKeeper.View;

/// <summary>What the records of a list gave.</summary>
/// <param name="Members">All members, by join order.</param>
/// <param name="Changes">How many records came or went.</param>
/// <param name="Quarantined">Children found unusable now for the first time, with the reason.</param>
/// <param name="IsComplete">Whether the list counts; otherwise list again.</param>
internal readonly record struct ReadDigest(ImmutableArray<NodeInfo> Members, int Changes, IReadOnlyList<string> Quarantined, bool IsComplete);
