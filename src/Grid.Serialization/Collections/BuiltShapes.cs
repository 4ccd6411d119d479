using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Grid.Serialization;

/// <summary>The BCL's immutable collections. Found by <see cref="GenericFormatters"/> under their names.</summary>
internal static class BuiltShapes
{
    public static Formatter ImmutableList<T>() => new BuiltFormatter<ImmutableList<T>, T>(new((items, _, _) => [.. items]));

    public static Formatter ImmutableQueue<T>() => new BuiltFormatter<ImmutableQueue<T>, T>(new((items, _, _) => [.. items]));

    public static Formatter ImmutableStack<T>() => new BuiltFormatter<ImmutableStack<T>, T>(new((items, _, _) =>
    {
        Array.Reverse(items);
        return System.Collections.Immutable.ImmutableStack.CreateRange(items);
    }));

    public static Formatter ImmutableHashSet<T>() => new BuiltFormatter<ImmutableHashSet<T>, T>(new(
        (items, comparer, _) => System.Collections.Immutable.ImmutableHashSet.CreateRange((IEqualityComparer<T>?)comparer, items),
        set => ReferenceEquals(set.KeyComparer, EqualityComparer<T>.Default) ? null : set.KeyComparer));

    public static Formatter ImmutableSortedSet<T>() => new BuiltFormatter<ImmutableSortedSet<T>, T>(new(
        (items, comparer, _) => System.Collections.Immutable.ImmutableSortedSet.CreateRange((IComparer<T>?)comparer, items),
        set => ReferenceEquals(set.KeyComparer, Comparer<T>.Default) ? null : set.KeyComparer));

    public static Formatter ImmutableDictionary<TKey, TValue>()
        where TKey : notnull => new BuiltMapFormatter<ImmutableDictionary<TKey, TValue>, TKey, TValue>(new(
            (items, comparer, values) => System.Collections.Immutable.ImmutableDictionary.CreateRange(
                (IEqualityComparer<TKey>?)comparer, (IEqualityComparer<TValue>?)values, items),
            map => ReferenceEquals(map.KeyComparer, EqualityComparer<TKey>.Default) ? null : map.KeyComparer,
            map => ReferenceEquals(map.ValueComparer, EqualityComparer<TValue>.Default) ? null : map.ValueComparer));

    public static Formatter ImmutableSortedDictionary<TKey, TValue>()
        where TKey : notnull => new BuiltMapFormatter<ImmutableSortedDictionary<TKey, TValue>, TKey, TValue>(new(
            (items, comparer, values) => System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(
                (IComparer<TKey>?)comparer, (IEqualityComparer<TValue>?)values, items),
            map => ReferenceEquals(map.KeyComparer, Comparer<TKey>.Default) ? null : map.KeyComparer,
            map => ReferenceEquals(map.ValueComparer, EqualityComparer<TValue>.Default) ? null : map.ValueComparer));

    /// <summary>Frozen collections are of many classes, chosen by content; all are coded as the family's head.</summary>
    public static Formatter FrozenSet<TLocation, T>()
        where TLocation : FrozenSet<T> => new HeadedFormatter<TLocation, FrozenSet<T>>(new BuiltFormatter<FrozenSet<T>, T>(new(
            (items, comparer, _) => items.ToFrozenSet((IEqualityComparer<T>?)comparer),
            set => ReferenceEquals(set.Comparer, EqualityComparer<T>.Default) ? null : set.Comparer)));

    public static Formatter FrozenDictionary<TLocation, TKey, TValue>()
        where TKey : notnull
        where TLocation : FrozenDictionary<TKey, TValue> => new HeadedFormatter<TLocation, FrozenDictionary<TKey, TValue>>(
            new BuiltMapFormatter<FrozenDictionary<TKey, TValue>, TKey, TValue>(new(
                (items, comparer, _) => items.ToFrozenDictionary((IEqualityComparer<TKey>?)comparer),
                map => ReferenceEquals(map.Comparer, EqualityComparer<TKey>.Default) ? null : map.Comparer)));
}
