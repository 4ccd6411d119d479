using System.Collections.Concurrent;

namespace Grid.Serialization;

/// <summary>The BCL's dictionaries that are filled entry by entry. Found by <see cref="GenericFormatters"/> under their names.</summary>
internal static class MapShapes
{
    public static Formatter SortedDictionary<TKey, TValue>()
        where TKey : notnull => new MapFormatter<SortedDictionary<TKey, TValue>, TKey, TValue>(new(
            (_, comparer) => new SortedDictionary<TKey, TValue>((IComparer<TKey>?)comparer),
            (map, key, value) => map.Add(key, value),
            map => ReferenceEquals(map.Comparer, Comparer<TKey>.Default) ? null : map.Comparer));

    public static Formatter SortedList<TKey, TValue>()
        where TKey : notnull => new MapFormatter<SortedList<TKey, TValue>, TKey, TValue>(new(
            (count, comparer) => new SortedList<TKey, TValue>(count, (IComparer<TKey>?)comparer),
            (map, key, value) => map.Add(key, value),
            map => ReferenceEquals(map.Comparer, Comparer<TKey>.Default) ? null : map.Comparer));

    public static Formatter OrderedDictionary<TKey, TValue>()
        where TKey : notnull => new MapFormatter<OrderedDictionary<TKey, TValue>, TKey, TValue>(new(
            (count, comparer) => new OrderedDictionary<TKey, TValue>(count, (IEqualityComparer<TKey>?)comparer),
            (map, key, value) => map.Add(key, value),
            map => ReferenceEquals(map.Comparer, EqualityComparer<TKey>.Default) ? null : map.Comparer));

    public static Formatter ConcurrentDictionary<TKey, TValue>()
        where TKey : notnull => new MapFormatter<ConcurrentDictionary<TKey, TValue>, TKey, TValue>(new(
            (_, comparer) => new ConcurrentDictionary<TKey, TValue>((IEqualityComparer<TKey>?)comparer),
            (map, key, value) => AddOnce(map.TryAdd(key, value)),
            map => ReferenceEquals(map.Comparer, EqualityComparer<TKey>.Default) ? null : map.Comparer));

    private static void AddOnce(bool added)
    {
        if (!added)
        {
            throw new ArgumentException("A key of a dictionary comes twice.");
        }
    }
}
