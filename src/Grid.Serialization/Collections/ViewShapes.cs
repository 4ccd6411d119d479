using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Grid.Serialization;

/// <summary>
/// Structures that are a view of an array or a pair. What is in view travels, not the array around it, so two views of one array are of two arrays when
/// they arrive. Found by <see cref="GenericFormatters"/> under their names.
/// </summary>
internal static class ViewShapes
{
    public static Formatter ImmutableArray<T>() => new ViewFormatter<ImmutableArray<T>, T>(
        static array => ImmutableCollectionsMarshal.AsArray(array),
        static array => ImmutableCollectionsMarshal.AsImmutableArray(array));

    public static Formatter ArraySegment<T>() => new ViewFormatter<ArraySegment<T>, T>(
        static segment => segment.Array is null ? null : IsWhole(segment) ? segment.Array : segment.ToArray(),
        static array => array is null ? default : new ArraySegment<T>(array));

    public static Formatter Memory<T>() => new ViewFormatter<Memory<T>, T>(
        static memory => ArrayOf<T>(memory),
        static array => array);

    public static Formatter ReadOnlyMemory<T>() => new ViewFormatter<ReadOnlyMemory<T>, T>(ArrayOf, static array => array);

    public static Formatter KeyValuePair<TKey, TValue>() => new PairFormatter<TKey, TValue>();

    private static T[] ArrayOf<T>(ReadOnlyMemory<T> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Array is not null && IsWhole(segment) ? segment.Array : memory.ToArray();

    private static bool IsWhole<T>(ArraySegment<T> segment) => segment.Count == segment.Array!.Length;
}
