namespace Grid.Messaging;

/// <summary>
/// One end of a stream of bytes in both directions between two nodes. Each direction has its own credit: a writer waits when the reader is a window
/// behind. One reader and one writer at a time. Pending reads and writes complete on I/O threads: what runs there must not block.
/// </summary>
public sealed class PeerStream : IAsyncDisposable
{
    internal PeerStream() => throw new NotImplementedException();

    /// <summary>The other end.</summary>
    public Peer Peer => throw new NotImplementedException();

    /// <summary>Reads what has arrived, waiting for at least one byte.</summary>
    /// <param name="destination">Where to; not empty.</param>
    /// <param name="ct">Gives up the wait; the stream stays usable.</param>
    /// <returns>How many bytes, or 0 when the other end has completed its direction.</returns>
    /// <exception cref="CommunicationException">The link broke or the other end aborted.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Writes, waiting for credit as needed.</summary>
    /// <param name="source">What to write; it is copied or sent when the task completes.</param>
    /// <param name="ct">Gives up the wait; an unknown part of the source has been sent then, so abort the stream.</param>
    /// <exception cref="CommunicationException">The link broke or the other end aborted.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Says that this end writes no more; the other end reads 0 after what was written.</summary>
    public void CompleteWriting() => throw new NotImplementedException();

    /// <summary>Ends both directions at once; the other end's calls fail.</summary>
    public void Abort() => throw new NotImplementedException();

    /// <summary>Aborts unless both directions have been completed.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
