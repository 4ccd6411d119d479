namespace Grid.Serialization;

/// <summary>What differs between collections that are filled element by element.</summary>
/// <param name="Create">Makes an empty one, of a capacity and with a comparer (or <see langword="null"/>).</param>
/// <param name="Add">Adds an element.</param>
/// <param name="Comparer">The comparer, or <see langword="null"/> for the default one.</param>
/// <param name="IsKeyed">Whether elements are hashed or compared.</param>
/// <param name="IsReversed">Whether enumeration gives the last added first.</param>
internal sealed record SequenceShape<TCollection, T>(
    Func<int, object?, TCollection> Create,
    Action<TCollection, T> Add,
    Func<TCollection, object?>? Comparer = null,
    bool IsKeyed = false,
    bool IsReversed = false);
