using Grid.Messaging.Handshake;
using Microsoft.Extensions.Logging;

namespace Grid.Messaging.Links;

/// <summary>
/// When and how a peer gets its link: dials when something waits, backs off after failures, gives up what has waited too long, and settles simultaneous
/// opens. All state is guarded by the peer's lock.
/// </summary>
/// <remarks>
/// Ties. When two nodes dial each other at once, the dial of the node with the smaller id stands: the side that was dialed refuses while it is dialing
/// itself and its own id is the smaller. When a link is up already, the side that was dialed looks at the link that the dialer says it knew last: if
/// that is the one that is up, or the dialer had dialed it, the dialer has lost it and the new link takes its place; otherwise the dialer has just not
/// heard of it yet and is refused. Nothing is sent on a link before both sides have installed it, so a refused dial loses nothing.
/// </remarks>
internal sealed class PeerConnection(Peer peer, PeerOutbox outbox, Lock gate, MessengerContext context)
{
    private readonly List<TaskCompletionSource<Link>> _linkWaiters = [];
    private bool _isDialing;
    private int _accepting;
    private int _attempt;
    private bool _hadLink;
    private long? _waitingSince;
    private long? _dialingSince;
    private long? _retryAt;
    private ulong _lastLink;
    private bool _isKnownByLinkOnly;

    /// <summary>Why the peer takes nothing more, or <see langword="null"/>.</summary>
    public GridException? Ended { get; private set; }

    /// <summary>Whether the peer is only known by a link it made, so that nobody will tell when it has left.</summary>
    public bool IsKnownByLinkOnly
    {
        get => Volatile.Read(ref _isKnownByLinkOnly);
        set => Volatile.Write(ref _isKnownByLinkOnly, value);
    }

    /// <summary>Whether a one-way message may wait: a link is being made and has not failed yet.</summary>
    public bool IsFirstAttemptNeedsLock => _attempt == 0 && (_accepting > 0 || !peer.Node.Endpoints.IsDefaultOrEmpty);

    /// <summary>For how long an attempt to link has been under way; zero while there is none.</summary>
    public TimeSpan DialingFor(long now)
    {
        lock (gate)
        {
            return _dialingSince is { } since && now > since ? context.Time.GetElapsedTime(since, now) : TimeSpan.Zero;
        }
    }

    /// <summary>The link known last, or 0.</summary>
    public ulong LastLink
    {
        get
        {
            lock (gate)
            {
                return _lastLink;
            }
        }
    }

    /// <summary>Sees to it that a link comes up; the caller holds the lock.</summary>
    public void EnsureNeedsLock()
    {
        _waitingSince ??= context.Time.GetTimestamp();
        if (_isDialing || _accepting > 0 || _retryAt is not null || Ended is not null || peer.Node.Endpoints.IsDefaultOrEmpty)
        {
            return;
        }

        _isDialing = true;
        _dialingSince = context.Time.GetTimestamp();
        if (_attempt > 0 || _hadLink)
        {
            context.Metrics.Reconnecting();
        }

        context.Dialer!.Begin(peer, _lastLink);
    }

    /// <summary>Waits for the link.</summary>
    public Task<Link> LinkAsync()
    {
        TaskCompletionSource<Link> waiter;
        lock (gate)
        {
            if (outbox.Link is { } link)
            {
                return Task.FromResult(link);
            }

            if (Ended is { } ended)
            {
                return Task.FromException<Link>(ended);
            }

            // Continued on the messenger's thread, which completes it.
            waiter = new TaskCompletionSource<Link>();
            _linkWaiters.Add(waiter);
            EnsureNeedsLock();
        }

        return waiter.Task;
    }

    /// <summary>Decides about an authenticated dialer; <see cref="Refusal.None"/> must be followed by an install or <see cref="OnAcceptFailed"/>.</summary>
    /// <param name="localId">The local node.</param>
    /// <param name="lastLink">The link that the dialer knew last.</param>
    public Refusal Admit(NodeId localId, ulong lastLink)
    {
        lock (gate)
        {
            if (outbox.Link is { IsDialedByPeer: false } link && link.Id != lastLink)
            {
                return Refusal.AlreadyLinked;
            }

            if (outbox.Link is null && _isDialing && localId < peer.Node.Id)
            {
                return Refusal.Tie;
            }

            _accepting++;
            return Refusal.None;
        }
    }

    /// <summary>An admitted dialer did not get as far as a link.</summary>
    public void OnAcceptFailed()
    {
        lock (gate)
        {
            _accepting--;
            if (outbox.Link is null && HasWaitersNeedsLock())
            {
                EnsureNeedsLock();
            }
        }
    }

    /// <summary>The dial has ended without a link of its own.</summary>
    /// <param name="failure">Why.</param>
    public void OnDialFailed(DialFailure failure)
    {
        lock (gate)
        {
            _isDialing = false;
            _dialingSince = null;
            if (outbox.Link is not null || Ended is not null)
            {
                return;
            }

            var pause = failure.IsPeerConnecting ? context.Options.HandshakeTimeout : context.BackOff(_attempt);
            _attempt = failure.IsPeerConnecting ? _attempt : _attempt + 1;
            _retryAt = context.Time.GetTimestamp() + (long)(pause.TotalSeconds * context.Time.TimestampFrequency);
        }

        if (failure.IsPeerConnecting)
        {
            return;
        }

        MessagingLog.DialFailed(context.Logger, peer.Node, _attempt, failure.Error.Message);
        context.Thread.Post(() => context.Observer?.OnDialFailed(peer, failure.Error));
        if (failure.IsFinal || context.Options.ConnectWait == TimeSpan.Zero)
        {
            outbox.FailAll(failure.Error, FailureScope.Waiting);
        }
    }

    /// <summary>Looks at the time; called by the messenger's thread only.</summary>
    /// <returns>Whether the peer may be forgotten: known by its link only, and that is gone for good.</returns>
    public bool Tick(long now)
    {
        outbox.Link?.Watch.Tick(now);
        var isOverdue = false;
        var isForgettable = false;
        lock (gate)
        {
            if (outbox.Link is not null || Ended is not null)
            {
                return false;
            }

            var isWaiting = HasWaitersNeedsLock();
            if (!isWaiting && !IsKnownByLinkOnly)
            {
                // Whoever comes next has all of its time.
                _waitingSince = null;
            }

            isOverdue = isWaiting && _waitingSince is { } since && context.Time.GetElapsedTime(since, now) >= context.Options.ConnectWait;
            isForgettable = IsKnownByLinkOnly && !isWaiting && IsForgettableNeedsLock(now);
            if (_retryAt <= now)
            {
                _retryAt = null;
                if (isWaiting && !isOverdue)
                {
                    EnsureNeedsLock();
                }
            }
        }

        if (isOverdue)
        {
            GiveUpWaiting();
        }

        return isForgettable;
    }

    public void OnInstalledNeedsLock(Link link)
    {
        if (link.IsDialedByPeer)
        {
            _accepting--;
        }
        else
        {
            _isDialing = false;
        }

        _dialingSince = null;
        _attempt = 0;
        _hadLink = true;
        _retryAt = null;
        _waitingSince = null;
        _lastLink = link.Id;
        context.Metrics.LinkUp();
        var waiters = _linkWaiters.ToArray();
        _linkWaiters.Clear();
        context.Thread.Post(() => context.Observer?.OnLinkUp(peer));
        if (waiters.Length > 0)
        {
            context.Thread.Post(() => Array.ForEach(waiters, waiter => waiter.TrySetResult(link)));
        }
    }

    public void OnDownNeedsLock()
    {
        _waitingSince = context.Time.GetTimestamp();
        if (outbox.IsWaitingNeedsLock)
        {
            EnsureNeedsLock();
        }
    }

    /// <summary>Logs, counts and tells the observer; in order, because it happens on the messenger's thread.</summary>
    public void ReportDownNeedsLock(GridException? reason, int failed)
    {
        context.Metrics.LinkDown();
        context.Thread.Post(() =>
        {
            if (reason is null)
            {
                MessagingLog.LinkClosed(context.Logger, peer.Node);
            }
            else
            {
                // Clients come and go; where nothing was under way, nobody has to know.
                MessagingLog.LinkDown(context.Logger, failed == 0 ? LogLevel.Debug : LogLevel.Warning, peer.Node, failed, reason.Message);
            }

            context.Observer?.OnLinkDown(peer, reason);
        });
    }

    public void OnFailedNeedsLock(GridException reason, FailureScope scope)
    {
        _waitingSince = null;
        if (scope == FailureScope.Peer)
        {
            Ended = reason;
        }

        var waiters = _linkWaiters.ToArray();
        _linkWaiters.Clear();
        if (waiters.Length > 0)
        {
            context.Thread.Post(() => Array.ForEach(waiters, waiter => waiter.TrySetException(reason)));
        }
    }

    // One-way messages have nobody who could be told of their loss; the observer has lent what was in them.
    private void GiveUpWaiting()
    {
        var error = new CommunicationException(
            $"No link to {peer.Node} came up within {context.Options.ConnectWait.TotalSeconds:0.#} s ({nameof(MessengerOptions.ConnectWait)}).");
        outbox.FailAll(error, FailureScope.Waiting);
        context.Thread.Post(() =>
        {
            // A link that came up in the meantime took everything with it.
            if (!peer.IsLinked)
            {
                context.Observer?.OnDialFailed(peer, error);
            }
        });
    }

    private bool IsForgettableNeedsLock(long now) =>
        _accepting == 0 && (_waitingSince is not { } idle || context.Time.GetElapsedTime(idle, now) >= context.Options.ConnectWait);

    private bool HasWaitersNeedsLock() => outbox.IsWaitingNeedsLock || _linkWaiters.Count > 0;
}
