using System.Collections.Concurrent;

namespace Grid.Serialization;

/// <summary>The BCL's collections that are filled element by element. Found by <see cref="GenericFormatters"/> under their names.</summary>
internal static class SequenceShapes
{
    public static Formatter HashSet<T>() => new SequenceFormatter<HashSet<T>, T>(new(
        (count, comparer) => new HashSet<T>(count, (IEqualityComparer<T>?)comparer),
        (set, item) => AddOnce(set.Add(item)),
        set => ReferenceEquals(set.Comparer, EqualityComparer<T>.Default) ? null : set.Comparer,
        IsKeyed: true));

    public static Formatter SortedSet<T>() => new SequenceFormatter<SortedSet<T>, T>(new(
        (_, comparer) => new SortedSet<T>((IComparer<T>?)comparer),
        (set, item) => AddOnce(set.Add(item)),
        set => ReferenceEquals(set.Comparer, Comparer<T>.Default) ? null : set.Comparer,
        IsKeyed: true));

    public static Formatter Queue<T>() => new SequenceFormatter<Queue<T>, T>(new((count, _) => new Queue<T>(count), (queue, item) => queue.Enqueue(item)));

    public static Formatter Stack<T>() => new SequenceFormatter<Stack<T>, T>(
        new((count, _) => new Stack<T>(count), (stack, item) => stack.Push(item), IsReversed: true));

    public static Formatter LinkedList<T>() => new SequenceFormatter<LinkedList<T>, T>(new((_, _) => new LinkedList<T>(), (list, item) => list.AddLast(item)));

    public static Formatter ConcurrentQueue<T>() => new SequenceFormatter<ConcurrentQueue<T>, T>(
        new((_, _) => new ConcurrentQueue<T>(), (queue, item) => queue.Enqueue(item)));

    public static Formatter ConcurrentStack<T>() => new SequenceFormatter<ConcurrentStack<T>, T>(
        new((_, _) => new ConcurrentStack<T>(), (stack, item) => stack.Push(item), IsReversed: true));

    public static Formatter ConcurrentBag<T>() => new SequenceFormatter<ConcurrentBag<T>, T>(new((_, _) => [], (bag, item) => bag.Add(item)));

    private static void AddOnce(bool added)
    {
        if (!added)
        {
            throw new ArgumentException("An element of a set comes twice.");
        }
    }
}
