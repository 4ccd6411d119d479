namespace Grid.Kernel.Health;

/// <summary>The latest events, as many as fit; the oldest are overwritten. Thread-safe.</summary>
internal sealed class EventRing(int max)
{
    private readonly NodeEvent[] _events = new NodeEvent[max];

    // A leaf: held for one store, or for a copy of the ring.
    private readonly Lock _gate = new();
    private long _count;

    public void Add(NodeEvent happened)
    {
        lock (_gate)
        {
            _events[_count % _events.Length] = happened with { Number = _count + 1 };
            _count++;
        }
    }

    /// <summary>What is kept, the oldest first.</summary>
    public NodeEvent[] ToArray()
    {
        lock (_gate)
        {
            var kept = (int)Math.Min(_count, _events.Length);
            var all = new NodeEvent[kept];
            for (var i = 0; i < kept; i++)
            {
                all[i] = _events[(_count - kept + i) % _events.Length];
            }

            return all;
        }
    }
}
