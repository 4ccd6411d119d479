using Grid.Messaging.Links;
using Grid.Spi;

namespace Grid.Messaging.Streams;

/// <summary>Opens a stream as soon as there is a link, and continues whoever awaits it on the thread that made the link.</summary>
internal sealed class StreamOpening
{
    private readonly PeerOutbox _outbox;
    private readonly byte _kind;
    private readonly Lane _lane;
    private readonly ReadOnlyMemory<byte> _header;
    private readonly PendingOperation<PeerStream> _open;

    public StreamOpening(PeerOutbox outbox, byte kind, Lane lane, ReadOnlyMemory<byte> header)
    {
        _outbox = outbox;
        _kind = kind;
        _lane = lane;
        _header = header;
        _open = new PendingOperation<PeerStream>(WaitForLink, () => throw new InvalidOperationException("Opening a stream is cancelled by its token only."));
    }

    public ValueTask<PeerStream> OpenAsync(CancellationToken ct)
    {
        if (_outbox.Link is not { } link)
        {
            return _open.Begin(ct);
        }

        return TryOpen(link, out var error) is { } stream ? ValueTask.FromResult(stream) : ValueTask.FromException<PeerStream>(error!);
    }

    // A continuation that is added with this option never needs the pool, also when the task completes meanwhile.
    private void WaitForLink() => _outbox.Connection.LinkAsync().ContinueWith(
        static (made, opening) => ((StreamOpening)opening!).OnLink(made), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void OnLink(Task<Link> made)
    {
        if (!_open.TryClaim())
        {
            return; // Given up meanwhile.
        }

        Exception? error = made.Exception?.InnerException;
        var stream = error is null ? TryOpen(made.Result, out error) : null;
        _open.Complete(stream, error);
    }

    private PeerStream? TryOpen(Link link, out Exception? error)
    {
        try
        {
            error = null;
            return link.Streams.Open(_kind, _lane, _header.Span);
        }
        catch (GridException refused)
        {
            error = refused;
            return null;
        }
    }
}
