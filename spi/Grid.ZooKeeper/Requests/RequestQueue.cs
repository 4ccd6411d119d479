using Grid.ZooKeeper.Session;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Requests;

/// <summary>
/// All requests without an answer: those to be sent and those that were sent. Keeps them within the limits and decides who
/// writes. A leaf: its lock guards everything, and requests are ended outside of it.
/// </summary>
/// <remarks>
/// Four kinds of threads come here: callers enqueue, the writing thread takes batches, the reading thread matches answers and opens and
/// closes the connection, the watch looks at the times. A caller writes itself when the connection is idle and what is unanswered is so little
/// that it fits into the buffers between here and there, so its write cannot block; otherwise the writing thread sends what has gathered at once.
/// The first saves two thread switches of a sequential caller, the second most system calls of a pipelining one. Callers whose code runs on the reading thread leave it to that one to write once for
/// all answers at hand.
/// </remarks>
internal sealed class RequestQueue(ZooKeeperOptions options, Chroot chroot)
{
    private static readonly Frame PingFrame = Frames.Ping();
    private readonly Lock _gate = new();
    private readonly RequestRing _queued = new();
    private readonly SentRequests _sent = new();
    private readonly TimeProvider _clock = options.TimeProvider;

    /// <summary>Belongs to whoever owns the connection's writing side.</summary>
    private readonly WriteBatch _batch = new();
    private Link? _link;
    private bool _isWriting;

    /// <summary>Whether the writing thread is about to look for something to write.</summary>
    private bool _isWriterAwake;

    /// <summary>Whether the watch looks in time for what is asked for now.</summary>
    private bool _isTimeWatched;
    private bool _isClosing;

    /// <summary>The thread that reads, and writes what it asks for itself before it reads on; 0 for none.</summary>
    private int _leader;

    /// <summary>Whether that thread has more answers at hand.</summary>
    private bool _isGathering;
    private ZooKeeperErrorCode? _end;

    public AnswerTimes Times { get; } = new(options.TimeProvider);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _queued.Count + _sent.CountWithAuths;
            }
        }
    }

    public LinkActivity Activity
    {
        get
        {
            lock (_gate)
            {
                return _sent.Activity() with
                {
                    LastReceivedAt = Times.ReceivedAt,
                    LastAnsweredSentAt = Times.AnsweredSentAt,
                    OldestQueuedAt = _queued.TryPeek(out var queued) ? queued.Timestamp : 0,
                };
            }
        }
    }

    /// <summary>Takes a request in. With an admission to write, the caller owns the connection's writing side until <see cref="EndWrite"/>.</summary>
    /// <param name="request">The request, encoded.</param>
    /// <param name="link">The connection to write to, if the caller is to.</param>
    public Admission Enqueue(Request request, out Link? link)
    {
        lock (_gate)
        {
            link = _link;
            if (_end is not null || (_isClosing && request.Code != OpCode.CloseSession))
            {
                return Admission.Ended;
            }

            if (_queued.Count + _sent.CountWithAuths >= options.RequestsMax || _queued.Bytes + request.FrameBytes > options.QueuedBytesMax)
            {
                return Admission.Overloaded;
            }

            var isLeader = _leader == Environment.CurrentManagedThreadId;
            if (!(isLeader && _isGathering) && MayWriteItselfNeedsLock(request))
            {
                _isWriting = true;
                _sent.Add(request, _clock.GetTimestamp());
                return Admission.WriteItself | WatchNeedsLock();
            }

            request.Timestamp = _clock.GetTimestamp();
            _queued.Enqueue(request);
            var isForWriter = !isLeader && link is not null && !_isWriting && TryWakeNeedsLock();
            return (isForWriter ? Admission.CallWriter : Admission.Queued) | WatchNeedsLock();
        }
    }

    /// <summary>From now on only the closing request is taken in.</summary>
    public void BeginClosing()
    {
        lock (_gate)
        {
            _isClosing = true;
        }
    }

    /// <summary>
    /// Moves queued requests into a batch and marks them sent. The writing thread owns the connection's writing side and the batch until
    /// <see cref="EndWrite"/> if it gets a connection.
    /// </summary>
    /// <param name="batch">The bytes to write.</param>
    /// <returns>The connection to write to, or <see langword="null"/> when there is nothing to write or somebody else writes.</returns>
    public Link? TakeBatch(out WriteBatch batch)
    {
        batch = _batch;
        lock (_gate)
        {
            if (_link is null || _isWriting)
            {
                return null;
            }

            FillNeedsLock();
            _isWriting = _batch.Length > 0;
            return _isWriting ? _link : null;
        }
    }

    /// <summary>A ping to write, marked sent. The caller owns the connection's writing side and the batch until <see cref="EndWrite"/> if it gets a connection.</summary>
    /// <param name="batch">The bytes to write.</param>
    /// <returns>The connection to write to, or <see langword="null"/> when somebody else writes.</returns>
    public Link? TakePing(out WriteBatch batch)
    {
        batch = _batch;
        lock (_gate)
        {
            if (_link is null || _isWriting)
            {
                return null;
            }

            _batch.Clear();
            _batch.Add(PingFrame);
            _sent.AddPing(_clock.GetTimestamp());
            _isWriting = true;
            return _link;
        }
    }

    /// <summary>What this thread asks for may stay here until it calls <see cref="EndGathering"/>; 0 for that of none.</summary>
    public void LeadBy(int thread)
    {
        lock (_gate)
        {
            _leader = thread;
            _isGathering = false;
        }
    }

    /// <summary>The leader has several answers at hand: what it asks for meanwhile stays here, to go out together.</summary>
    public void BeginGathering()
    {
        lock (_gate)
        {
            _isGathering = true;
        }
    }

    /// <summary>The leader is about to wait for the server.</summary>
    /// <returns>The connection when something has gathered: the caller owns the writing side until <see cref="EndWrite"/>.</returns>
    public Link? EndGathering()
    {
        lock (_gate)
        {
            _isGathering = false;
            if (_link is null || _isWriting || _queued.Count == 0)
            {
                return null;
            }

            _isWriting = true;
            return _link;
        }
    }

    /// <summary>What has gathered, if it is little enough for whoever owns the writing side to write it without blocking for long.</summary>
    public bool TryTakeMore(Link link, out WriteBatch batch)
    {
        batch = _batch;
        lock (_gate)
        {
            var bytesMax = DirectWrites.BytesMax(_leader == Environment.CurrentManagedThreadId);
            if (_queued.Count == 0 || !ReferenceEquals(link, _link) || _sent.Bytes + _queued.Bytes > bytesMax)
            {
                return false;
            }

            FillNeedsLock();
            return _batch.Length > 0;
        }
    }

    /// <summary>The writer is done with the connection.</summary>
    /// <returns>Whether the writing thread has to be woken, because something has gathered meanwhile.</returns>
    public bool EndWrite(Link link)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(link, _link))
            {
                return false;
            }

            _isWriting = false;
            return _queued.Count > 0 && TryWakeNeedsLock();
        }
    }

    /// <summary>The writing thread is about to wait.</summary>
    /// <returns>Whether it may; otherwise there is something to write.</returns>
    public bool TrySleep()
    {
        lock (_gate)
        {
            _isWriterAwake = _link is not null && !_isWriting && _queued.Count > 0;
            return !_isWriterAwake;
        }
    }

    /// <summary>The watch has looked.</summary>
    /// <param name="isTimeWatched">Whether it looks again in time for what it has seen.</param>
    /// <returns>Whether that is all there is; otherwise something has come in between.</returns>
    public bool TryRest(bool isTimeWatched)
    {
        lock (_gate)
        {
            _isTimeWatched = isTimeWatched;
            return isTimeWatched || _queued.Count + _sent.CountWithAuths == 0;
        }
    }

    /// <summary>Requests may go to this connection from now on.</summary>
    /// <returns>Whether the writing thread has to be called, because some wait for it.</returns>
    public bool Open(Link link)
    {
        lock (_gate)
        {
            _link = link;
            _isWriting = false;
            _sent.Opened(_clock.GetTimestamp());
            Times.Received();
            return _queued.Count > 0 && TryWakeNeedsLock();
        }
    }

    /// <summary>The connection is lost: what was sent fails, what was not stays.</summary>
    public void Close(string reason)
    {
        Request[] lost;
        lock (_gate)
        {
            _link = null;
            _isWriting = false;
            _leader = 0;
            lost = _sent.TakeAll();
        }

        foreach (var request in lost)
        {
            request.Fail(RequestErrors.ConnectionLost(request, chroot, reason));
        }
    }

    /// <summary>The session is over: every request fails, now and later.</summary>
    public void End(ZooKeeperErrorCode code)
    {
        Request[] sent;
        Request[] queued;
        lock (_gate)
        {
            _end ??= code;
            _link = null;
            sent = _sent.TakeAll();
            queued = _queued.TakeAll();
        }

        foreach (var request in sent)
        {
            request.Fail(RequestErrors.SessionOver(request, chroot, code, wasSent: true));
        }

        foreach (var request in queued)
        {
            request.ReturnFrame();
            request.Fail(RequestErrors.SessionOver(request, chroot, code, wasSent: false));
        }
    }

    /// <summary>The error for a request that was not taken in.</summary>
    public ZooKeeperException Refusal(Request request, Admission admission) => admission == Admission.Overloaded
        ? RequestErrors.TooMany(request, chroot, $"{Count} requests have no answer yet (limits: {options.RequestsMax} requests, {options.QueuedBytesMax} bytes unsent)")
        : RequestErrors.SessionOver(request, chroot, _end ?? ZooKeeperErrorCode.Closing, wasSent: false);

    /// <summary>Fails what has waited for a connection longer than it may.</summary>
    public void FailStale(TimeSpan timeout)
    {
        Request[] stale;
        lock (_gate)
        {
            stale = _queued.TakeOlderThan(_clock.GetTimestamp() - SessionTimings.Units(timeout, _clock));
        }

        foreach (var request in stale)
        {
            request.ReturnFrame();
            request.Fail(RequestErrors.NotSentInTime(request, chroot, timeout));
        }
    }

    /// <summary>The request that an answer belongs to; <see langword="null"/> when the server answers out of order.</summary>
    public Request? Match(int xid)
    {
        Request? request;
        lock (_gate)
        {
            request = xid == Xid.Auth ? _sent.MatchAuth() : _sent.Match(xid);
        }

        if (request is not null)
        {
            Times.Answered(request.Timestamp);
        }

        return request;
    }

    public void PingAnswered()
    {
        lock (_gate)
        {
            Times.Answered(_sent.MatchPing());
        }
    }

    /// <inheritdoc cref="SentRequests.MarkEarly"/>
    public void MarkEarly(WatchEventType type, string path)
    {
        lock (_gate)
        {
            _sent.MarkEarly(type, path);
        }
    }

    private bool MayWriteItselfNeedsLock(Request request) =>
        _link is not null && !_isWriting && _queued.Count == 0 && DirectWrites.Suits(_sent.CountWithAuths, _sent.Bytes + request.FrameBytes);

    private void FillNeedsLock()
    {
        _batch.Clear();
        var now = _clock.GetTimestamp();
        while (_queued.TryPeek(out var request))
        {
            if (!request.IsEnded)
            {
                if (!_batch.CanTake(request.FrameBytes))
                {
                    return;
                }

                _sent.Add(request, now);
                _batch.Add(request.Frame);
            }

            _queued.Dequeue();
            request.ReturnFrame();
        }
    }

    private bool TryWakeNeedsLock()
    {
        var isAsleep = !_isWriterAwake;
        _isWriterAwake = true;
        return isAsleep;
    }

    private Admission WatchNeedsLock()
    {
        var isWatched = _isTimeWatched;
        _isTimeWatched = true;
        return isWatched ? Admission.Queued : Admission.CallWatch;
    }
}
