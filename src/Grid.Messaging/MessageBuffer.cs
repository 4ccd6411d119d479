using System.Buffers;

namespace Grid.Messaging;

/// <summary>
/// A buffer, pooled when it is large, that one owner fills and hands on, or receives and gives back. Sending it avoids the copy that sending a span of a large payload
/// costs: room for the frame headers is kept in front of the payload. Not thread-safe.
/// </summary>
public sealed class MessageBuffer : IBufferWriter<byte>, IDisposable
{
    /// <summary>Bytes kept free in front of the payload for frame header, message length and trace context.</summary>
    internal const int HeadroomBytes = 48;

    private const int SmallestBytes = 256;

    // A small array costs less to make than to rent on one thread and give back on another, which takes a lock of the pool's at both ends.
    private const int PooledBytesMin = 1024;

    private byte[]? _array;
    private int _end;

    // Owners beyond the first. Changed by whoever shares the buffer and whoever gives it up.
    private int _sharers;

    /// <summary>Rents a buffer.</summary>
    /// <param name="sizeHint">How many bytes will probably be written; the buffer grows beyond it as needed.</param>
    public MessageBuffer(int sizeHint = SmallestBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        _array = Rent(checked(HeadroomBytes + sizeHint));
        _end = HeadroomBytes;
    }

    /// <summary>How many bytes have been written.</summary>
    public int WrittenBytes => _end - HeadroomBytes;

    /// <summary>What has been written. Not to be used after the buffer was sent or disposed.</summary>
    public ReadOnlySpan<byte> WrittenSpan => Array.AsSpan(HeadroomBytes, WrittenBytes);

    /// <summary>What has been written. Not to be used after the buffer was sent or disposed.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => Array.AsMemory(HeadroomBytes, WrittenBytes);

    /// <summary>The whole array, headroom included: for the frame writer.</summary>
    internal byte[] Array => _array ?? throw new ObjectDisposedException(nameof(MessageBuffer), "The buffer was sent or disposed; rent another one.");

    /// <summary>Whether the buffer has had more than one owner, so that nobody may write into it.</summary>
    internal bool IsShared { get; private set; }

    /// <summary>Whether a handler has taken the received buffer over, so that the link does not give it back.</summary>
    internal bool IsTaken { get; set; }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.Length - _end);
        _end += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return Array.AsMemory(_end);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return Array.AsSpan(_end);
    }

    /// <summary>Forgets what has been written and keeps the memory.</summary>
    public void Clear() => _end = HeadroomBytes;

    /// <summary>
    /// Adds an owner, for sending the buffer and keeping it: for another attempt, or to another peer. It costs one more small write per piece. Nothing may be
    /// written to the buffer afterwards, and each owner disposes it once.
    /// </summary>
    /// <returns>The buffer, to be handed to the new owner.</returns>
    public MessageBuffer Share()
    {
        ObjectDisposedException.ThrowIf(_array is null, this);
        IsShared = true;
        Interlocked.Increment(ref _sharers);
        return this;
    }

    /// <summary>Gives the memory back, once every owner has; for the last one, later calls have no effect.</summary>
    public void Dispose()
    {
        if (IsShared && Interlocked.Decrement(ref _sharers) >= 0)
        {
            return;
        }

        if (Interlocked.Exchange(ref _array, null) is { } array)
        {
            Return(array);
        }
    }

    private static byte[] Rent(int bytes) => bytes < PooledBytesMin ? GC.AllocateUninitializedArray<byte>(bytes) : ArrayPool<byte>.Shared.Rent(bytes);

    private static void Return(byte[] array)
    {
        if (array.Length >= PooledBytesMin)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void EnsureRoom(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        var old = Array;
        var needed = Math.Max(sizeHint, 1);
        if (old.Length - _end >= needed)
        {
            return;
        }

        var grown = Rent((int)Math.Min(System.Array.MaxLength, Math.Max((long)old.Length * 2, (long)_end + needed)));
        old.AsSpan(0, _end).CopyTo(grown);
        _array = grown;
        Return(old);
    }
}
