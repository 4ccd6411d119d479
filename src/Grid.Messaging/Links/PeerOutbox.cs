using System.Diagnostics;
using System.IO.Pipelines;
using Grid.Messaging.Frames;
using Grid.Messaging.Requests;

namespace Grid.Messaging.Links;

/// <summary>
/// What goes to one peer and what is awaited from it: the queue, the pending requests and the link that serves them, under one lock. The queue outlives
/// links: what was not handed to a pipe yet waits for the next one; what was is failed when its link goes.
/// </summary>
internal sealed class PeerOutbox
{
    /// <summary>From this many messages under way on, a writer waits for more to send together.</summary>
    private const int CrowdMin = 4;

    // A leaf: held for the few lines that touch queue, pending requests, link and connection state. No callback runs under it.
    private readonly Lock _gate = new();
    private readonly Peer _peer;
    private readonly MessengerContext _context;
    private readonly OutgoingQueue _queue;
    private readonly PendingRequests _pending;
    private long _appended;

    // Requests of the peer that are not answered yet. Counted up by the link's thread, down under the gate; a hint, reset with each link.
    private int _unanswered;
    private volatile Link? _link;

    public PeerOutbox(Peer peer, MessengerContext context)
    {
        _peer = peer;
        _context = context;
        _queue = new OutgoingQueue(context.Options.ChunkBytes, context.Options.QueueBytesMax);
        _pending = new PendingRequests(context.Options.PendingRequestsMax);
        Connection = new PeerConnection(peer, this, _gate, context);
    }

    public PeerConnection Connection { get; }

    public Link? Link => _link;

    /// <summary>How many messages have been queued, ever: for the idle check.</summary>
    public long Appended => Volatile.Read(ref _appended);

    public long QueuedBytes
    {
        get
        {
            lock (_gate)
            {
                return _queue.QueuedBytes;
            }
        }
    }

    /// <summary>Whether messages wait for a link or a reply; the caller holds the lock.</summary>
    public bool IsWaitingNeedsLock => !_queue.IsEmpty || _pending.Count > 0;

    /// <summary>Queues a request, as a span to copy or a buffer to own.</summary>
    /// <returns>Its id, or 0 with the reason why it was refused.</returns>
    public long AddRequest(in FrameHeader header, ReadOnlySpan<byte> payload, MessageBuffer? owned, IReplyHandler reply, out GridException? refusal)
    {
        var trace = TraceContext.Current;
        long id;
        bool isCrowded;
        LinkWriter? gatherer;
        lock (_gate)
        {
            refusal = RefuseNeedsLock(header.Lane, owned?.WrittenBytes ?? payload.Length) ?? RefuseRequestNeedsLock();
            if (refusal is not null)
            {
                return 0;
            }

            id = _pending.Add(reply, header.Lane, _queue.NextMessage(header.Lane));
            AppendNeedsLock(header with { Id = id }, trace, payload, owned);
            isCrowded = _pending.Count > CrowdMin;
            gatherer = isCrowded ? GathererNeedsLock() : null;
        }

        SendSoon(isCrowded, gatherer);
        return id;
    }

    /// <summary>Queues a one-way message.</summary>
    /// <returns>Whether it was taken; at the bound, and while no link can be made, it is not.</returns>
    public bool TryAddOneWay(in FrameHeader header, ReadOnlySpan<byte> payload, MessageBuffer? owned)
    {
        var trace = TraceContext.Current;
        lock (_gate)
        {
            if (RefuseNeedsLock(header.Lane, owned?.WrittenBytes ?? payload.Length) is not null)
            {
                return false;
            }

            if (_link is null && !Connection.IsFirstAttemptNeedsLock)
            {
                Connection.EnsureNeedsLock();
                return false;
            }

            AppendNeedsLock(header, trace, payload, owned);
        }

        _link?.Writer.FlushSoon();
        return true;
    }

    /// <summary>Queues a reply, unless there is no link.</summary>
    public bool TryAddReply(in FrameHeader header, ReadOnlySpan<byte> payload, MessageBuffer? owned)
    {
        var trace = TraceContext.Current;
        bool isCrowded;
        LinkWriter? gatherer;
        lock (_gate)
        {
            if (_link is null)
            {
                return false;
            }

            AppendNeedsLock(header, trace, payload, owned);
            isCrowded = Interlocked.Decrement(ref _unanswered) > CrowdMin;
            gatherer = isCrowded ? GathererNeedsLock() : null;
        }

        SendSoon(isCrowded, gatherer);
        return true;
    }

    /// <summary>A request of the peer has arrived and will be answered.</summary>
    public void CountUnanswered() => Interlocked.Increment(ref _unanswered);

    public Task RoomAsync(Lane lane)
    {
        lock (_gate)
        {
            return _queue.RoomAsync(lane);
        }
    }

    public LinkWriter CreateWriter(Link link, PipeWriter output) => new(link, output, _gate, _queue, _context);

    /// <summary>Takes a pending request out, or returns <see langword="null"/> when it is not pending any more.</summary>
    public IReplyHandler? TakePending(long id)
    {
        lock (_gate)
        {
            return _pending.Take(id);
        }
    }

    public IReplyHandler? FindPending(long id)
    {
        lock (_gate)
        {
            return _pending.Find(id);
        }
    }

    public IReadOnlyList<KeyValuePair<long, IReplyHandler>> ListPending()
    {
        lock (_gate)
        {
            return _pending.List();
        }
    }

    /// <summary>Begins to make a link when there is none.</summary>
    public void Connect()
    {
        lock (_gate)
        {
            if (_link is null)
            {
                Connection.EnsureNeedsLock();
            }
        }
    }

    /// <summary>Queues a frame that is about one link; does nothing when that link is gone.</summary>
    public bool AddLinkBound(Link link, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (_link != link)
            {
                return false;
            }

            AppendLinkBoundNeedsLock(header, payload);
        }

        link.Writer.FlushSoon();
        return true;
    }

    /// <summary>Queues a frame about closing the link and holds everything else, unless something is under way.</summary>
    public bool TryHold(Link link, in FrameHeader header)
    {
        lock (_gate)
        {
            if (_link != link || _queue.IsHeld || IsWaitingNeedsLock || link.Streams.Count > 0)
            {
                return false;
            }

            AppendLinkBoundNeedsLock(header, []);
            _queue.IsHeld = true;
        }

        link.Writer.FlushSoon();
        return true;
    }

    /// <summary>The peer wants the link kept: sends what was held.</summary>
    public void Release(Link link)
    {
        lock (_gate)
        {
            _queue.IsHeld = false;
        }

        link.Writer.FlushSoon();
    }

    /// <summary>Makes a link the peer's link, in place of an older one.</summary>
    /// <returns>Whether the peer still wants one.</returns>
    public bool Install(Link link)
    {
        Link? old;
        List<FailedRequest> failed = [];
        var reason = new CommunicationException($"{_peer.Node} has made a new link in place of this one.") { MayHaveBeenDelivered = true };
        lock (_gate)
        {
            if (Connection.Ended is not null)
            {
                return false;
            }

            old = _link;
            if (old is not null)
            {
                failed = DetachNeedsLock(old);
                Connection.ReportDownNeedsLock(reason, failed.Count);
            }

            _link = link;
            Volatile.Write(ref _unanswered, 0);
            Connection.OnInstalledNeedsLock(link);
        }

        old?.Abort(reason);
        Fail(failed, reason);
        return true;
    }

    /// <summary>A link has ended: fails what was sent over it; what was not sent yet waits for the next one.</summary>
    public void OnLinkDown(Link link, GridException? reason)
    {
        List<FailedRequest> failed;
        lock (_gate)
        {
            if (_link != link)
            {
                return;
            }

            failed = DetachNeedsLock(link);
            _link = null;
            Connection.ReportDownNeedsLock(reason, failed.Count);
            Connection.OnDownNeedsLock();
        }

        Fail(failed, reason ?? new CommunicationException($"The link to {_peer.Node} was closed.") { MayHaveBeenDelivered = true });
    }

    /// <summary>Fails every request and forgets what was queued: no link can be made, or the peer or the messenger goes.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="scope">What else happens to the peer.</param>
    public void FailAll(GridException reason, FailureScope scope)
    {
        List<FailedRequest> failed;
        Link? link;
        lock (_gate)
        {
            link = _link;
            if (link is not null && (scope == FailureScope.Waiting || (scope == FailureScope.Link && link.Local == _context.Local)))
            {
                return;
            }

            failed = _pending.TakeAll(_queue.IsTaken, onlySent: false);
            _queue.Clear();
            Connection.OnFailedNeedsLock(reason, scope);
            if (link is not null)
            {
                // At once, not when its read loop ends: what comes next must not go over it.
                link.Writer.StopNeedsLock();
                _link = null;
                Connection.ReportDownNeedsLock(reason, failed.Count);
                Connection.OnDownNeedsLock();
            }
        }

        link?.Abort(reason);
        Fail(failed, reason);
    }

    private static void Fail(List<FailedRequest> failed, GridException reason)
    {
        foreach (var (handler, isSent) in failed)
        {
            handler.OnFailed(reason is CommunicationException communication && communication.MayHaveBeenDelivered != isSent
                ? new CommunicationException(communication.Message, communication.InnerException) { MayHaveBeenDelivered = isSent }
                : reason);
        }
    }

    /// <summary>The writer that this thread is to put to work on the messenger's thread; null when one is at work, or the thread's batch sends.</summary>
    private LinkWriter? GathererNeedsLock() => _link is { } link && !BatchOfThread.IsOpen && link.Writer.TryBeginNeedsLock() ? link.Writer : null;

    // Of a crowd, whoever finds a writer at work has nothing to do: it takes the message along.
    private void SendSoon(bool isCrowded, LinkWriter? gatherer)
    {
        if (gatherer is not null)
        {
            gatherer.Gather();
        }
        else if (!isCrowded || BatchOfThread.IsOpen)
        {
            _link?.Writer.FlushSoon();
        }
    }

    private List<FailedRequest> DetachNeedsLock(Link link)
    {
        link.Writer.StopNeedsLock();
        var failed = _pending.TakeAll(_queue.IsTaken, onlySent: true);
        _queue.DropLinkBound();
        return failed;
    }

    private GridException? RefuseNeedsLock(Lane lane, int length)
    {
        if (Connection.Ended is { } ended)
        {
            return ended;
        }

        var options = _context.Options;
        return length > options.MessageBytesMax
            ? new CommunicationException($"A message of {length} bytes to {_peer.Node} is larger than {nameof(MessengerOptions.MessageBytesMax)} ({options.MessageBytesMax}); send less at once, or use a stream.")
            : _queue.HasRoom(lane, length) ? null
            : new CommunicationException($"{options.QueueBytesMax} bytes wait on the {lane} lane to {_peer.Node}; slow down ({nameof(Peer.WaitForRoomAsync)}) or raise {nameof(MessengerOptions.QueueBytesMax)}.");
    }

    private CommunicationException? RefuseRequestNeedsLock() => _pending.IsFull
        ? new CommunicationException($"{_pending.Count} requests to {_peer.Node} wait for their replies; slow down, or raise {nameof(MessengerOptions.PendingRequestsMax)}.")
        : null;

    private void AppendNeedsLock(in FrameHeader header, in ActivityContext trace, ReadOnlySpan<byte> payload, MessageBuffer? owned)
    {
        _appended++;
        if (owned is null)
        {
            _queue.Append(header, trace, payload);
        }
        else
        {
            _queue.Append(header, trace, owned);
        }

        if (_link is null)
        {
            Connection.EnsureNeedsLock();
        }
    }

    private void AppendLinkBoundNeedsLock(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var buffer = new MessageBuffer(payload.Length);
        payload.CopyTo(buffer.GetSpan(payload.Length));
        buffer.Advance(payload.Length);
        _queue.AppendLinkBound(header, buffer);
    }
}
