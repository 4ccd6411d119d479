namespace Grid.Messaging.Links;

/// <summary>
/// The links to which one thread has sent since it opened a batch. I/O threads open one round the frames of each read, so that the replies and requests
/// that handlers send leave in one write per link.
/// </summary>
internal sealed class BatchOfThread
{
    // A thread that sends much inside one batch should not let the wire idle.
    private const int MessagesPerFlush = 128;

    [ThreadStatic]
    private static BatchOfThread? Current;

    private readonly List<LinkWriter> _writers = [];
    private readonly Queue<Action> _deferred = new();
    private int _depth;
    private int _messages;

    public static bool IsOpen => Current is { _depth: > 0 };

    public static void Open() => (Current ??= new BatchOfThread())._depth++;

    public static void Close()
    {
        var batch = Current!;
        try
        {
            // The batch is still open: what the work sends is collected as well.
            while (batch._depth == 1 && batch._deferred.TryDequeue(out var work))
            {
                work();
            }
        }
        finally
        {
            if (--batch._depth == 0)
            {
                batch.FlushAll();
            }
        }
    }

    /// <summary>Has the thread do something at the end of its batch; false when none is open.</summary>
    public static bool TryDefer(Action work)
    {
        if (!IsOpen)
        {
            return false;
        }

        Current!._deferred.Enqueue(work);
        return true;
    }

    /// <summary>Whether the thread has an open batch, which then flushes the writer.</summary>
    public static bool TryAdd(LinkWriter writer)
    {
        if (Current is not { _depth: > 0 } batch)
        {
            return false;
        }

        if (!batch._writers.Contains(writer))
        {
            batch._writers.Add(writer);
        }

        if (++batch._messages >= MessagesPerFlush)
        {
            batch.FlushAll();
        }

        return true;
    }

    private void FlushAll()
    {
        _messages = 0;

        // A flush may run a continuation of the provider that opens a batch and sends in turn.
        while (_writers.Count > 0)
        {
            var writer = _writers[^1];
            _writers.RemoveAt(_writers.Count - 1);
            writer.Flush();
        }
    }
}
