using System.Buffers;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Grid.Communication.Tcp;

/// <summary>
/// The encrypted side of a <see cref="TlsChannel"/>, on a non-blocking socket. During the handshake reads and writes wait, up to a deadline. Afterwards a
/// read that finds nothing stays pending until <see cref="Pump"/> is called, on the thread that read, and written bytes are kept until <see cref="TryDrain"/> has sent them.
/// </summary>
internal sealed class TlsSocketStream(TcpPipe pipe, TimeProvider time) : Stream, IValueTaskSource<int>
{
    // Reading side: touched by the pipe's reader thread only, after the handshake.
    private Memory<byte> _destination;
    private Action<object?>? _continuation;
    private object? _continuationState;
    private bool _isPending;
    private short _version;
    private int _count;
    private IOException? _error;

    // Writing side: guarded by the channel.
    private byte[] _outgoing = [];
    private int _sent;
    private int _length;

    private long _startedAt;
    private TimeSpan _timeLimit;
    private bool _isHandshake;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether the handshake's time is over.</summary>
    public bool IsTimeOver { get; private set; }

    /// <summary>From here until <see cref="EndHandshake"/> reads and writes wait.</summary>
    /// <param name="timeLimit">For all of them together.</param>
    public void BeginHandshake(TimeSpan timeLimit)
    {
        _startedAt = time.GetTimestamp();
        _timeLimit = timeLimit;
        _isHandshake = true;
    }

    public void EndHandshake() => _isHandshake = false;

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            var count = pipe.ReceiveRaw(buffer, out var error);
            if (error == SocketError.Success)
            {
                return count;
            }

            WaitOrThrow(error, SelectMode.SelectRead);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = pipe.ReceiveRaw(buffer.Span, out var error);
        if (error != SocketError.WouldBlock)
        {
            return error == SocketError.Success ? ValueTask.FromResult(count) : ValueTask.FromException<int>(Broken(error));
        }

        _destination = buffer;
        _isPending = true;
        _error = null;
        return new ValueTask<int>(this, ++_version);
    }

    /// <summary>Receives for the pending read and continues whoever awaits it, here and now.</summary>
    /// <returns>Whether anything came; <see langword="false"/> when the socket has nothing for now.</returns>
    public bool Pump()
    {
        var count = pipe.ReceiveRaw(_destination.Span, out var error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        _count = count;
        _error = error == SocketError.Success ? null : Broken(error);
        _isPending = false;
        _destination = default;
        var (continuation, state) = (_continuation, _continuationState);
        _continuation = null;
        _continuationState = null;
        continuation?.Invoke(state);
        return true;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!_isHandshake)
        {
            Keep(buffer);
            return;
        }

        while (!buffer.IsEmpty)
        {
            var count = pipe.SendRaw(buffer, out var error);
            if (error != SocketError.Success)
            {
                WaitOrThrow(error, SelectMode.SelectWrite);
            }

            buffer = buffer[count..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends what is kept, as far as the socket takes it.</summary>
    /// <returns><see cref="SocketError.Success"/> when nothing is left, <see cref="SocketError.WouldBlock"/> when something is, otherwise what broke.</returns>
    public SocketError TryDrain()
    {
        while (_sent < _length)
        {
            var count = pipe.SendRaw(_outgoing.AsSpan(_sent, _length - _sent), out var error);
            if (error != SocketError.Success)
            {
                return error;
            }

            _sent += count;
        }

        _sent = 0;
        _length = 0;
        return SocketError.Success;
    }

    /// <summary>Gives memory back; nothing is written afterwards.</summary>
    public void Recycle()
    {
        var old = _outgoing;
        _outgoing = [];
        _sent = 0;
        _length = 0;
        if (old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }

    public override void Flush()
    {
        // Written bytes are on their way, or wait for TryDrain.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _error is { } error ? throw error : _count;

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) =>
        _isPending ? ValueTaskSourceStatus.Pending : _error is null ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Faulted;

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _continuationState = state;
        _continuation = continuation;
    }

    private static IOException Broken(SocketError error) => new($"The connection broke: {error}.", new SocketException((int)error));

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_outgoing.Length - _length < bytes.Length)
        {
            var grown = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length, 4096) + (_length - _sent));
            _outgoing.AsSpan(_sent, _length - _sent).CopyTo(grown);
            var kept = _length - _sent;
            Recycle();
            _outgoing = grown;
            _length = kept;
        }

        bytes.CopyTo(_outgoing.AsSpan(_length));
        _length += bytes.Length;
    }

    private void WaitOrThrow(SocketError error, SelectMode mode)
    {
        if (error != SocketError.WouldBlock)
        {
            throw Broken(error);
        }

        var left = _timeLimit - time.GetElapsedTime(_startedAt);
        if (left <= TimeSpan.Zero || !pipe.WaitRaw(left, mode))
        {
            IsTimeOver = true;
            throw new IOException("The time for the handshake is over.");
        }
    }
}
