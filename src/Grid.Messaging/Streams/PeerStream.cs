using System.Buffers.Binary;
using Grid.Messaging.Frames;
using Grid.Messaging.Streams;
using Grid.Spi;

namespace Grid.Messaging;

/// <summary>
/// One end of a stream of bytes in both directions between two nodes. Each direction has its own credit: a writer waits when the reader is a window
/// behind. One reader and one writer at a time. Pending reads and writes are continued on I/O threads, never on the shared thread pool: what runs there must not block.
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
    private readonly PendingOperation<int> _read;
    private readonly PendingOperation<int> _write;
    private Memory<byte> _destination; // Of the pending read.
    private ReadOnlyMemory<byte> _source; // Of the pending write: what has not been sent.

    internal PeerStream(StreamTable table, long id, bool isOpenedHere, Lane lane, int windowBytes)
    {
        _table = table;
        Id = id;
        IsOpenedHere = isOpenedHere;
        Lane = lane;
        _windowBytes = windowBytes;
        _read = new PendingOperation<int>(ServeRead, () => throw CancelledByTokenOnly());
        _write = new PendingOperation<int>(ServeWrite, () => throw CancelledByTokenOnly());
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
    /// <exception cref="InvalidOperationException">Another read is pending.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfZero(destination.Length, nameof(destination));
        if (_read.IsPending)
        {
            throw new InvalidOperationException("Another read is pending on this end of the stream; await it first.");
        }

        if (TryRead(destination.Span, out var count, out var error))
        {
            return error is null ? ValueTask.FromResult(count) : ValueTask.FromException<int>(error);
        }

        _destination = destination;
        return _read.Begin(ct);
    }

    /// <summary>Writes, waiting for credit as needed.</summary>
    /// <param name="source">What to write; it may be reused when the task completes.</param>
    /// <param name="ct">Gives up the wait; an unknown part of the source has been sent then, so abort the stream.</param>
    /// <exception cref="CommunicationException">The link broke or the other end aborted.</exception>
    /// <exception cref="InvalidOperationException">This end has completed its direction.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken ct)
    {
        if (_write.IsPending)
        {
            throw new InvalidOperationException("Another write is pending on this end of the stream; await it first.");
        }

        _source = source;
        if (TryWrite(out var error))
        {
            return error is null ? ValueTask.CompletedTask : ValueTask.FromException(error);
        }

        return _write.BeginWithoutResult(ct);
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
        bool isOverrun;
        lock (_gate)
        {
            _granted -= data.WrittenBytes;
            isOverrun = _granted < 0 || _isPeerDone;
            if (_error is null && !isOverrun && data.WrittenBytes > 0)
            {
                _received.Enqueue(data);
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

        ServeRead();
    }

    internal void OnCredit(int bytes)
    {
        lock (_gate)
        {
            if (bytes <= 0 || _credit + bytes > int.MaxValue)
            {
                throw FrameHeader.Violation($"a credit of {bytes} bytes");
            }

            _credit += bytes;
        }

        ServeWrite();
    }

    internal void OnEnd()
    {
        bool isOver;
        lock (_gate)
        {
            _isPeerDone = true;
            isOver = _isDone;
        }

        if (isOver)
        {
            _table.Remove(this);
        }

        ServeRead();
    }

    /// <summary>Ends the stream with an error; bytes that have arrived can still be read.</summary>
    /// <returns>Whether it was still open.</returns>
    internal bool Fail(GridException error)
    {
        lock (_gate)
        {
            if (_error is not null || (_isDone && _isPeerDone))
            {
                return false;
            }

            _error = error;
        }

        _table.Remove(this);
        ServeRead();
        ServeWrite();
        return true;
    }

    private static InvalidOperationException CancelledByTokenOnly() => new("A read or write of a stream is cancelled by its token only.");

    // Called when something has arrived and when a read begins to be awaited, so whichever comes last completes it.
    private void ServeRead()
    {
        while (_read.TryClaim())
        {
            if (TryRead(_destination.Span, out var count, out var error))
            {
                _destination = default;
                _read.Complete(count, error);
                return;
            }

            _read.Unclaim();
            if (!CanRead())
            {
                return;
            }
        }
    }

    private void ServeWrite()
    {
        while (_write.TryClaim())
        {
            if (TryWrite(out var error))
            {
                _write.Complete(0, error);
                return;
            }

            _write.Unclaim();
            if (!CanWrite())
            {
                return;
            }
        }
    }

    private bool CanRead()
    {
        lock (_gate)
        {
            return _received.Count > 0 || _error is not null || _isPeerDone;
        }
    }

    private bool CanWrite()
    {
        lock (_gate)
        {
            return _credit > 0 || _error is not null || _isDone;
        }
    }

    // False when nothing has arrived and more may come.
    private bool TryRead(Span<byte> destination, out int count, out Exception? error)
    {
        count = 0;
        error = null;
        lock (_gate)
        {
            if (_received.Count == 0)
            {
                error = FailureNeedsLock();
                return error is not null || _isPeerDone;
            }
        }

        count = Take(destination);
        return true;
    }

    // False when the credit ended before the source did.
    private bool TryWrite(out Exception? error)
    {
        error = null;
        while (!_source.IsEmpty)
        {
            int count;
            lock (_gate)
            {
                error = FailureNeedsLock() ?? (Exception?)(_isDone ? new InvalidOperationException("This end of the stream has been completed: nothing more can be written.") : null);
                count = error is null ? (int)Math.Min(Math.Min(_source.Length, DataBytesMax), _credit) : 0;
                _credit -= count;
            }

            if (count == 0)
            {
                _source = error is null ? _source : default;
                return error is not null;
            }

            _table.Send(this, FrameType.StreamData, _source.Span[..count]);
            _source = _source[count..];
        }

        return true;
    }

    private CommunicationException? FailureNeedsLock() =>
        _error is { } error ? new CommunicationException(error.Message, error) { MayHaveBeenDelivered = true } : null;

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
