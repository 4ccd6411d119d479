namespace Grid.Discovery.ZooKeeper.View;

/// <summary>What a list of names means.</summary>
/// <param name="Missing">Names whose records are to be read.</param>
/// <param name="Gone">Memberships that were in the last view and have no record any more.</param>
/// <param name="Quarantined">Children found unusable now for the first time, with the reason.</param>
internal readonly record struct ListDigest(IReadOnlyList<string> Missing, IReadOnlyList<NodeKey> Gone, IReadOnlyList<string> Quarantined);
