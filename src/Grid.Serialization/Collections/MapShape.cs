namespace Grid.Serialization;

/// <summary>What differs between dictionaries that are filled entry by entry.</summary>
/// <param name="Create">Makes an empty one, of a capacity and with a comparer (or <see langword="null"/>).</param>
/// <param name="Add">Adds an entry; throws when the key is there already.</param>
/// <param name="Comparer">The comparer, or <see langword="null"/> for the default one.</param>
internal sealed record MapShape<TMap, TKey, TValue>(
    Func<int, object?, TMap> Create,
    Action<TMap, TKey, TValue> Add,
    Func<TMap, object?> Comparer);
