using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Sockets;
using Grid.Spi;

namespace Grid.Communication.Tcp;

/// <summary>
/// Reads a socket straight into the buffer that the consumer parses: no second pump, no copy. A thread of its own waits for the socket while a read is
/// awaited, receives, and runs the consumer's continuation; the consumer's next read arms it again before it returns to the socket.
/// </summary>
/// <remarks>
/// The buffer is touched by one side at a time: by the consumer between the completion of a read and the next one, by the thread while it has claimed
/// the pending read. The array is always one segment, so consumers parse spans.
/// </remarks>
internal sealed class TcpPipeReader : PipeReader
{
    private const int LookBetweenClockReads = 4;

    private readonly TcpPipe _pipe;
    private readonly PendingOperation<ReadResult> _read;
    private readonly SpinBudget _spin;
    private readonly int _bufferBytesMax;
    private readonly Lock _completionGate = new();
    private byte[] _buffer;
    private int _start;
    private int _end;
    private bool _isExamined = true;
    private bool _isEnded;
    private bool _isCompleted;
    private int _cancelNext;
    private long _spinTicks;
    private int _readsWithoutSpin;

    public TcpPipeReader(TcpPipe pipe, TcpCommunicationOptions options, SpinBudget spin)
    {
        _pipe = pipe;
        _spin = spin;
        _spinTicks = spin.DurationTicks;
        _bufferBytesMax = options.ReceiveBufferBytesMax;
        _buffer = ArrayPool<byte>.Shared.Rent(options.ReceiveBufferBytes);
        _read = new PendingOperation<ReadResult>(pipe.WakeReader, () => Result(isCanceled: true));
    }

    /// <summary>Whether a read is awaited, so that the thread has work.</summary>
    public bool IsArmed => _read.IsArmed;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _cancelNext, 0) != 0)
        {
            return ValueTask.FromResult(Result(isCanceled: true));
        }

        if (_pipe.Error is { } error)
        {
            return ValueTask.FromException<ReadResult>(error);
        }

        return _isEnded || !_isExamined ? ValueTask.FromResult(Result()) : _read.Begin(cancellationToken);
    }

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        if (_pipe.Error is { } error)
        {
            throw error;
        }

        var isReady = _isEnded || !_isExamined;
        result = isReady ? Result() : default;
        return isReady;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        ThrowIfCompleted();
        var consumedTo = consumed.GetInteger();
        var examinedTo = examined.GetInteger();
        if (consumedTo < _start || examinedTo > _end || examinedTo < consumedTo)
        {
            throw new ArgumentOutOfRangeException(nameof(consumed), "The positions do not lie in the buffer of the last read, or examined lies before consumed.");
        }

        _start = consumedTo;
        _isExamined = examinedTo == _end;
        if (_start == _end)
        {
            _start = 0;
            _end = 0;
        }
    }

    public override void CancelPendingRead()
    {
        if (!_read.Cancel())
        {
            Interlocked.Exchange(ref _cancelNext, 1);
        }
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_completionGate)
        {
            if (_isCompleted)
            {
                return;
            }

            _isCompleted = true;
        }

        // With a read under way the thread may be writing into the array: then the collector takes it.
        if (!_read.IsPending)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _start = 0;
            _end = 0;
        }
    }

    /// <summary>Serves one awaited read; called by the pipe's thread only. Returns when it is done, or when it was cancelled meanwhile.</summary>
    public void Serve()
    {
        if (Spin())
        {
            return;
        }

        while (_read.IsArmed)
        {
            _pipe.WaitReadable();
            if (TryReceive())
            {
                return;
            }
        }
    }

    // A thread that sleeps in the system is answered five to ten times later (README, measurements). The time it may look doubles with each success and
    // halves with each failure, and from nothing it is tried again now and then, so a quiet link costs no processor time.
    private bool Spin()
    {
        var least = _spin.DurationTicks / 8;
        if (_spinTicks < least)
        {
            if (++_readsWithoutSpin < 32)
            {
                return false;
            }

            _readsWithoutSpin = 0;
            _spinTicks = least;
        }

        if (!_spin.TryEnter())
        {
            return TryReceive();
        }

        try
        {
            return SpinUntil(_spin.Now + _spinTicks);
        }
        finally
        {
            _spin.Leave();
        }
    }

    private bool SpinUntil(long deadline)
    {
        do
        {
            for (var look = 0; look < LookBetweenClockReads; look++)
            {
                if (TryReceive())
                {
                    _spinTicks = Math.Min(_spin.DurationTicks, _spinTicks * 2);
                    return true;
                }

                Thread.Yield();
            }
        }
        while (_spin.Now < deadline);
        _spinTicks /= 2;
        return false;
    }

    // True when the awaited read has been served or is no longer awaited.
    private bool TryReceive()
    {
        if (!_read.TryClaim())
        {
            return true;
        }

        if (!TryMakeRoom(out var error))
        {
            _read.Complete(default, error);
            return true;
        }

        var count = _pipe.Receive(_buffer.AsSpan(_end), out var socketError);
        if (socketError == SocketError.WouldBlock)
        {
            _read.Unclaim();
            return false;
        }

        Finish(count, socketError);
        return true;
    }

    private void Finish(int count, SocketError socketError)
    {
        if (_pipe.Error is { } broken)
        {
            _read.Complete(default, broken);
            return;
        }

        if (socketError != SocketError.Success)
        {
            _read.Complete(default, _pipe.Break("receiving", socketError));
            return;
        }

        _isEnded = count == 0;
        _end += count;
        _isExamined = false;
        _read.Complete(Result(), null);
    }

    private bool TryMakeRoom(out CommunicationException? error)
    {
        error = null;
        if (_end < _buffer.Length)
        {
            return true;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            return true;
        }

        if (_buffer.Length >= _bufferBytesMax)
        {
            error = new CommunicationException(
                $"The reader of the pipe to {_pipe.RemoteEndpoint} holds {_end} bytes without consuming any; consume, or raise {nameof(TcpCommunicationOptions.ReceiveBufferBytesMax)}.");
            return false;
        }

        var grown = ArrayPool<byte>.Shared.Rent(Math.Min(_bufferBytesMax, _buffer.Length * 2));
        _buffer.AsSpan(0, _end).CopyTo(grown);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = grown;
        return true;
    }

    private ReadResult Result(bool isCanceled = false)
    {
        Debug.Assert(_start <= _end, "The consumed part ends before the filled part.");
        return new ReadResult(new ReadOnlySequence<byte>(_buffer, _start, _end - _start), isCanceled, _isEnded);
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("The reader has been completed; no further reads are possible.");
        }
    }
}
