namespace Grid.ZooKeeper;

/// <summary>A change of the ensemble: either who joins and leaves, or the whole new membership.</summary>
/// <param name="Joining">Servers to add, as in the configuration file, separated by commas; <see langword="null"/> for none.</param>
/// <param name="Leaving">Numbers of servers to remove, separated by commas; <see langword="null"/> for none.</param>
/// <param name="NewMembers">All servers, instead of the two above; otherwise <see langword="null"/>.</param>
/// <param name="FromConfig">The version of the configuration that must be in force; -1 for any.</param>
public sealed record EnsembleChange(string? Joining = null, string? Leaving = null, string? NewMembers = null, long FromConfig = -1);
