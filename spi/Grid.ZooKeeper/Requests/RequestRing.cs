using System.Diagnostics.CodeAnalysis;

namespace Grid.ZooKeeper.Requests;

/// <summary>A queue of requests in an array that grows; unlike <see cref="Queue{T}"/> it can be looked through by index. The bound is its owner's.</summary>
internal sealed class RequestRing
{
    private Request?[] _items = new Request?[64];
    private int _head;

    public int Count { get; private set; }

    /// <summary>The bytes of their frames.</summary>
    public long Bytes { get; private set; }

    public Request this[int index] => _items[(_head + index) & (_items.Length - 1)]!;

    public void Enqueue(Request request)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        _items[(_head + Count) & (_items.Length - 1)] = request;
        Bytes += request.FrameBytes;
        Count++;
    }

    public bool TryPeek([NotNullWhen(true)] out Request? request)
    {
        request = Count == 0 ? null : _items[_head];
        return request is not null;
    }

    public Request Dequeue()
    {
        var request = _items[_head]!;
        _items[_head] = null;
        _head = (_head + 1) & (_items.Length - 1);
        Bytes -= request.FrameBytes;
        Count--;
        return request;
    }

    /// <summary>Takes out from the front what has a timestamp up to this one.</summary>
    public Request[] TakeOlderThan(long timestamp)
    {
        List<Request> older = [];
        while (TryPeek(out var request) && request.Timestamp <= timestamp)
        {
            older.Add(Dequeue());
        }

        return [.. older];
    }

    public Request[] TakeAll()
    {
        var all = new Request[Count];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = Dequeue();
        }

        return all;
    }

    private void Grow()
    {
        var larger = new Request?[_items.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = this[i];
        }

        _items = larger;
        _head = 0;
    }
}
