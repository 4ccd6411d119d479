namespace Grid.Kernel.Health;

/// <summary>The outcome of a look at the members.</summary>
/// <param name="View">How they stand now.</param>
/// <param name="IsNews">Whether that differs from before.</param>
/// <param name="Changes">What differs, for the record.</param>
internal readonly record struct HealthStep(HealthView View, bool IsNews, IReadOnlyList<HealthChange> Changes);
