using System.Buffers.Binary;
using Grid.Messaging.Frames;
using Grid.Messaging.Streams;

namespace Grid.Messaging;

/// <summary>
/// One end of a stream of bytes in both directions between two nodes. Each direction has its own credit: a writer waits when the reader is a window
/// behind. One reader and one writer at a time. Pending reads and writes complete on I/O threads: what runs there must not block.
/// </summary>
public sealed class PeerStream : IAsyncDisposable
{
    private const int DataBytesMax = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly StreamTable _table;
    private readonly int _windowBytes;
    private readonly Queue<MessageBuffer> _received = new();
    private int _headConsumed;
    private int _granted = StreamTable.InitialCreditBytes;
    private int _consumed;
    private long _credit = StreamTable.InitialCreditBytes;
    private bool _isPeerDone;
    private bool _isDone;
    private GridException? _error;
    private TaskCompletionSource? _readable;
    private TaskCompletionSource? _writable;

    internal PeerStream(StreamTable table, long id, bool isOpenedHere, Lane lane, int windowBytes)
    {
        _table = table;
        Id = id;
        IsOpenedHere = isOpenedHere;
        Lane = lane;
        _windowBytes = windowBytes;
    }

    /// <summary>The other end.</summary>
    public Peer Peer => _table.Peer;

    /// <summary>The lane of its bytes.</summary>
    public Lane Lane { get; }

    internal long Id { get; }

    internal bool IsOpenedHere { get; }

    /// <summary>Reads what has arrived, waiting for at least one byte.</summary>
    /// <param name="destination">Where to; not empty.</param>
    /// <param name="ct">Gives up the wait; the stream stays usable.</param>
    /// <returns>How many bytes, or 0 when the other end has completed its direction.</returns>
    /// <exception cref="CommunicationException">The link broke or the other end aborted.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfZero(destination.Length, nameof(destination));
        while (true)
        {
            Task waiting;
            lock (_gate)
            {
                if (_received.Count > 0)
                {
                    break;
                }

                ThrowIfFailedNeedsLock();
                if (_isPeerDone)
                {
                    return 0;
                }

                waiting = WaitNeedsLock(ref _readable, "read");
            }

            await WaitAsync(waiting, ct).ConfigureAwait(false);
        }

        return Take(destination.Span);
    }

    /// <summary>Writes, waiting for credit as needed.</summary>
    /// <param name="source">What to write; it may be reused when the task completes.</param>
    /// <param name="ct">Gives up the wait; an unknown part of the source has been sent then, so abort the stream.</param>
    /// <exception cref="CommunicationException">The link broke or the other end aborted.</exception>
    /// <exception cref="InvalidOperationException">This end has completed its direction.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken ct)
    {
        while (!source.IsEmpty)
        {
            int count;
            Task waiting;
            lock (_gate)
            {
                ThrowIfFailedNeedsLock();
                if (_isDone)
                {
                    throw new InvalidOperationException("This end of the stream has been completed: nothing more can be written.");
                }

                count = (int)Math.Min(Math.Min(source.Length, DataBytesMax), _credit);
                _credit -= count;
                waiting = count > 0 ? Task.CompletedTask : WaitNeedsLock(ref _writable, "write");
            }

            if (count > 0)
            {
                _table.Send(this, FrameType.StreamData, source.Span[..count]);
                source = source[count..];
            }
            else
            {
                await WaitAsync(waiting, ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Says that this end writes no more; the other end reads 0 after what was written.</summary>
    public void CompleteWriting()
    {
        bool isOver;
        lock (_gate)
        {
            if (_isDone || _error is not null)
            {
                return;
            }

            _isDone = true;
            isOver = _isPeerDone;
        }

        _table.Send(this, FrameType.StreamEnd, []);
        if (isOver)
        {
            _table.Remove(this);
        }
    }

    /// <summary>Ends both directions at once; the calls of both ends fail.</summary>
    public void Abort()
    {
        if (Fail(new CommunicationException("The stream was aborted by this end.") { MayHaveBeenDelivered = true }))
        {
            _table.Send(this, FrameType.StreamAbort, []);
        }
    }

    /// <summary>Aborts unless both directions have been completed. What has not been read is lost.</summary>
    public ValueTask DisposeAsync()
    {
        bool isOver;
        lock (_gate)
        {
            isOver = _isDone && _isPeerDone;
            while (_received.TryDequeue(out var unread))
            {
                unread.Dispose();
            }
        }

        if (!isOver)
        {
            Abort();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Grants the peer what the window has beyond the initial credit.</summary>
    internal void GrantWindow() => Grant(_windowBytes - StreamTable.InitialCreditBytes);

    internal void OnData(MessageBuffer data)
    {
        TaskCompletionSource? readable = null;
        var isOverrun = false;
        lock (_gate)
        {
            _granted -= data.WrittenBytes;
            isOverrun = _granted < 0 || _isPeerDone;
            if (_error is null && !isOverrun && data.WrittenBytes > 0)
            {
                _received.Enqueue(data);
                readable = _readable;
                _readable = null;
            }
            else
            {
                data.Dispose();
            }
        }

        if (isOverrun)
        {
            throw FrameHeader.Violation("more bytes on a stream than its credit, or after its end");
        }

        readable?.TrySetResult();
    }

    internal void OnCredit(int bytes)
    {
        TaskCompletionSource? writable;
        lock (_gate)
        {
            if (bytes <= 0 || _credit + bytes > int.MaxValue)
            {
                throw FrameHeader.Violation($"a credit of {bytes} bytes");
            }

            _credit += bytes;
            writable = _writable;
            _writable = null;
        }

        writable?.TrySetResult();
    }

    internal void OnEnd()
    {
        TaskCompletionSource? readable;
        bool isOver;
        lock (_gate)
        {
            _isPeerDone = true;
            isOver = _isDone;
            readable = _readable;
            _readable = null;
        }

        if (isOver)
        {
            _table.Remove(this);
        }

        readable?.TrySetResult();
    }

    /// <summary>Ends the stream with an error; bytes that have arrived can still be read.</summary>
    /// <returns>Whether it was still open.</returns>
    internal bool Fail(GridException error)
    {
        TaskCompletionSource? readable;
        TaskCompletionSource? writable;
        lock (_gate)
        {
            if (_error is not null || (_isDone && _isPeerDone))
            {
                return false;
            }

            _error = error;
            readable = _readable;
            writable = _writable;
            _readable = null;
            _writable = null;
        }

        _table.Remove(this);
        readable?.TrySetResult();
        writable?.TrySetResult();
        return true;
    }

    // The completion source runs what awaits it on the I/O thread that completes it; only when it completes in the very moment in which the continuation is
    // registered does the platform use the shared thread pool instead.
    private static Task WaitNeedsLock(ref TaskCompletionSource? waiter, string what)
    {
        if (waiter is { Task.IsCompleted: false })
        {
            throw new InvalidOperationException($"Another {what} is pending on this end of the stream; await it first.");
        }

        waiter = new TaskCompletionSource();
        return waiter.Task;
    }

    private async ValueTask WaitAsync(Task waiting, CancellationToken ct)
    {
        if (!ct.CanBeCanceled)
        {
            await waiting.ConfigureAwait(false);
            return;
        }

        var cancelled = new TaskCompletionSource();
        var registration = ct.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), cancelled);
        await using (registration.ConfigureAwait(false))
        {
            await Task.WhenAny(waiting, cancelled.Task).ConfigureAwait(false);
        }

        if (!waiting.IsCompleted)
        {
            ForgetWaiter(waiting);
            ct.ThrowIfCancellationRequested();
        }
    }

    private void ForgetWaiter(Task waiting)
    {
        lock (_gate)
        {
            _readable = _readable?.Task == waiting ? null : _readable;
            _writable = _writable?.Task == waiting ? null : _writable;
        }
    }

    private void ThrowIfFailedNeedsLock()
    {
        if (_error is { } error)
        {
            throw new CommunicationException(error.Message, error) { MayHaveBeenDelivered = true };
        }
    }

    private int Take(Span<byte> destination)
    {
        var taken = 0;
        var grant = 0;
        lock (_gate)
        {
            while (taken < destination.Length && _received.TryPeek(out var head))
            {
                var left = head.WrittenSpan[_headConsumed..];
                var count = Math.Min(left.Length, destination.Length - taken);
                left[..count].CopyTo(destination[taken..]);
                taken += count;
                _headConsumed += count;
                if (count == left.Length)
                {
                    _received.Dequeue().Dispose();
                    _headConsumed = 0;
                }
            }

            // Half a window at a time: fewer frames, and the writer never runs dry while the reader keeps up.
            _consumed += taken;
            if (_consumed >= _windowBytes / 2 && !_isPeerDone && _error is null)
            {
                grant = _consumed;
                _consumed = 0;
            }
        }

        Grant(grant);
        return taken;
    }

    private void Grant(int bytes)
    {
        if (bytes <= 0)
        {
            return;
        }

        lock (_gate)
        {
            _granted += bytes;
        }

        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(payload, bytes);
        _table.Send(this, FrameType.StreamCredit, payload);
    }
}
