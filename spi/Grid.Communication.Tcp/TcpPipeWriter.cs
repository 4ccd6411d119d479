using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Grid.Spi;

namespace Grid.Communication.Tcp;

/// <summary>
/// Writes a socket on the thread that flushes; only what the socket does not take at once is left to a thread that waits for it. <see cref="WriteAsync"/>
/// sends the caller's memory without a copy. A flush completes when the system has taken every byte.
/// </summary>
internal sealed class TcpPipeWriter : PipeWriter
{
    private const int BufferBytes = 4096;

    private readonly TcpPipe _pipe;
    private readonly PendingOperation<FlushResult> _flush;
    private readonly ArraySegment<byte>[] _parts = new ArraySegment<byte>[2];
    private byte[] _buffer = [];
    private int _sent;
    private int _length;
    private ReadOnlyMemory<byte> _source;
    private bool _isCompleted;
    private int _cancelNext;

    public TcpPipeWriter(TcpPipe pipe)
    {
        _pipe = pipe;
        _flush = new PendingOperation<FlushResult>(pipe.WakeWriter, Cancelled);
    }

    /// <summary>Whether a flush is awaited that the socket did not take at once.</summary>
    public bool IsArmed => _flush.IsArmed;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length - _sent + _source.Length;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _buffer.Length - _length);
        _length += bytes;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _buffer.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _buffer.AsSpan(_length);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => WriteAsync(default, cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        cancellationToken.ThrowIfCancellationRequested();
        if (_pipe.Error is { } error)
        {
            return ValueTask.FromException<FlushResult>(error);
        }

        _source = source;
        if (Interlocked.Exchange(ref _cancelNext, 0) != 0)
        {
            return ValueTask.FromResult(Cancelled());
        }

        return TrySend(out error)
            ? error is null ? ValueTask.FromResult(default(FlushResult)) : ValueTask.FromException<FlushResult>(error)
            : _flush.Begin(cancellationToken);
    }

    public override void CancelPendingFlush()
    {
        if (!_flush.Cancel())
        {
            Interlocked.Exchange(ref _cancelNext, 1);
        }
    }

    /// <summary>Sends what was written, as far as the socket takes it at once, and says to the peer that no more comes.</summary>
    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted)
        {
            return;
        }

        _isCompleted = true;
        if (_flush.IsPending || exception is not null || !TrySend(out _))
        {
            // The thread may be sending from the array: the collector takes it.
            _pipe.Abort();
            return;
        }

        _pipe.ShutdownSend();
        Recycle();
    }

    /// <summary>Serves one awaited flush; called by the pipe's writer thread only.</summary>
    public void Serve()
    {
        while (_flush.IsArmed)
        {
            _pipe.WaitWritable();
            if (!_flush.TryClaim())
            {
                return;
            }

            if (TrySend(out var error))
            {
                _flush.Complete(default, error);
                return;
            }

            _flush.Unclaim();
        }
    }

    // True when all has been sent or the pipe is broken; false when the socket takes no more for now.
    private bool TrySend(out CommunicationException? error)
    {
        while (_sent < _length)
        {
            if (!TrySendBuffered(out error))
            {
                return error is not null;
            }
        }

        _sent = 0;
        _length = 0;
        while (!_source.IsEmpty)
        {
            if (!TrySendOnce(_source.Span, out var count, out error))
            {
                return error is not null;
            }

            _source = _source[count..];
        }

        var left = _pipe.Drain();
        error = Failure(left);
        return left != SocketError.WouldBlock || error is not null;
    }

    // What was written goes together with the caller's memory behind it: frame headers that leave on their own wake the peer's reader for 20 bytes.
    private bool TrySendBuffered(out CommunicationException? error)
    {
        var buffered = _length - _sent;
        if (_source.IsEmpty || !MemoryMarshal.TryGetArray(_source, out var source))
        {
            var isSent = TrySendOnce(_buffer.AsSpan(_sent, buffered), out var count, out error);
            _sent += count;
            return isSent;
        }

        _parts[0] = new ArraySegment<byte>(_buffer, _sent, buffered);
        _parts[1] = source;
        var both = _pipe.Send(_parts, out var socketError);
        Array.Clear(_parts);
        _sent += Math.Min(both, buffered);
        _source = _source[Math.Max(0, both - buffered)..];
        error = Failure(socketError);
        return error is null && socketError == SocketError.Success;
    }

    private bool TrySendOnce(ReadOnlySpan<byte> bytes, out int count, out CommunicationException? error)
    {
        count = _pipe.Send(bytes, out var socketError);
        error = Failure(socketError);
        return error is null && socketError == SocketError.Success;
    }

    private CommunicationException? Failure(SocketError error) =>
        _pipe.Error ?? (error is SocketError.Success or SocketError.WouldBlock ? null : _pipe.Break("sending", error));

    // What the caller's memory still holds must outlive the cancelled call; the next flush sends it.
    private FlushResult Cancelled()
    {
        var rest = _source;
        _source = default;
        rest.Span.CopyTo(GetSpan(rest.Length));
        Advance(rest.Length);
        return new FlushResult(isCanceled: true, isCompleted: false);
    }

    private void EnsureRoom(int sizeHint)
    {
        ThrowIfCompleted();
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        var needed = Math.Max(sizeHint, 1);
        if (_buffer.Length - _length >= needed)
        {
            return;
        }

        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(BufferBytes, checked(_length + needed)));
        _buffer.AsSpan(0, _length).CopyTo(grown);
        Recycle();
        _buffer = grown;
    }

    private void Recycle()
    {
        var old = _buffer;
        _buffer = [];
        if (old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("The writer has been completed; no further writes are possible.");
        }
    }
}
