namespace Grid.Serialization;

/// <summary>What differs between collections that are built from all their elements at once.</summary>
/// <param name="Build">Makes one from its elements and comparers (<see langword="null"/> for the default one).</param>
/// <param name="Comparer">The comparer of elements or keys, or <see langword="null"/> for the default one.</param>
/// <param name="ValueComparer">The comparer of values, likewise.</param>
internal sealed record BuiltShape<TCollection, T>(
    Func<T[], object?, object?, TCollection> Build,
    Func<TCollection, object?>? Comparer = null,
    Func<TCollection, object?>? ValueComparer = null);
