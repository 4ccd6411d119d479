namespace Grid.Messaging.Requests;

/// <summary>
/// The requests to one peer that wait for a reply, in an array of reused slots: adding and taking allocate nothing. An id is the slot's number and its
/// generation, so that a reply that comes too late meets nobody. Not thread-safe: the peer's lock guards it.
/// </summary>
internal sealed class PendingRequests(int limit)
{
    private const int NoSlot = -1;

    private Slot[] _slots = [];
    private int _used;
    private int _firstFree = NoSlot;

    public int Count { get; private set; }

    public bool IsFull => Count >= limit;

    /// <summary>Adds a request; the caller has looked at <see cref="IsFull"/>.</summary>
    /// <returns>Its id, never 0.</returns>
    public long Add(IReplyHandler handler, Lane lane, long message)
    {
        var index = _firstFree;
        if (index == NoSlot)
        {
            index = _used++;
            if (index == _slots.Length)
            {
                Array.Resize(ref _slots, Math.Max(16, _slots.Length * 2));
            }
        }
        else
        {
            _firstFree = _slots[index].NextFree;
        }

        ref var slot = ref _slots[index];
        slot.Handler = handler;
        slot.Lane = lane;
        slot.Message = message;
        slot.Generation = (slot.Generation + 1) & 0x7fff_ffff;
        Count++;
        return IdOf(index);
    }

    /// <summary>Takes a request out, or returns <see langword="null"/> when it is not pending (any more).</summary>
    public IReplyHandler? Take(long id)
    {
        if (Find(id) is not { } handler)
        {
            return null;
        }

        Release((int)(uint)id - 1);
        return handler;
    }

    /// <summary>Looks at a request, or returns <see langword="null"/> when it is not pending (any more).</summary>
    public IReplyHandler? Find(long id)
    {
        var index = (int)(uint)id - 1;
        return (uint)index < (uint)_used && _slots[index].Generation == (int)(id >> 32) ? _slots[index].Handler : null;
    }

    /// <summary>All requests with their ids.</summary>
    public List<KeyValuePair<long, IReplyHandler>> List()
    {
        var all = new List<KeyValuePair<long, IReplyHandler>>(Count);
        for (var index = 0; index < _used; index++)
        {
            if (_slots[index].Handler is { } handler)
            {
                all.Add(new KeyValuePair<long, IReplyHandler>(IdOf(index), handler));
            }
        }

        return all;
    }

    /// <summary>Takes out every request that fits a condition on its lane and message number.</summary>
    public List<FailedRequest> TakeAll(Func<Lane, long, bool> isSent, bool onlySent)
    {
        var taken = new List<FailedRequest>();
        for (var index = 0; index < _used; index++)
        {
            if (_slots[index].Handler is not { } handler)
            {
                continue;
            }

            var wasSent = isSent(_slots[index].Lane, _slots[index].Message);
            if (wasSent || !onlySent)
            {
                taken.Add(new FailedRequest(handler, wasSent));
                Release(index);
            }
        }

        return taken;
    }

    private long IdOf(int index) => ((long)_slots[index].Generation << 32) | (uint)(index + 1);

    private void Release(int index)
    {
        ref var slot = ref _slots[index];
        slot.Handler = null;
        slot.NextFree = _firstFree;
        _firstFree = index;
        Count--;
    }

    private struct Slot
    {
        public IReplyHandler? Handler;
        public long Message;
        public int Generation;
        public int NextFree;
        public Lane Lane;
    }
}
