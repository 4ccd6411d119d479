using Grid.ZooKeeper.Session;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Requests;

/// <summary>
/// What was sent on the current connection and has no answer: requests in their order, credentials and pings beside them, because servers
/// answer those out of turn. Guarded by the lock of the <see cref="RequestQueue"/>.
/// </summary>
internal sealed class SentRequests
{
    private readonly RequestRing _ordered = new();
    private readonly RequestRing _auths = new();
    private readonly Queue<long> _pings = new();
    private int _lastXid;
    private int _watchers;
    private long _lastSentAt;
    private long _lastPingSentAt;

    public int Count => _ordered.Count;

    public int CountWithAuths => _ordered.Count + _auths.Count;

    /// <summary>Bytes of the requests, without pings.</summary>
    public long Bytes => _ordered.Bytes;

    /// <summary>Numbers a request and puts it last.</summary>
    public void Add(Request request, long now)
    {
        request.Timestamp = now;
        _lastSentAt = now;
        if (request.Code == OpCode.Auth)
        {
            _auths.Enqueue(request);
            return;
        }

        _lastXid = _lastXid == int.MaxValue ? 1 : _lastXid + 1;
        request.Xid = _lastXid;
        request.Frame.SetXid(_lastXid);
        _ordered.Enqueue(request);
        _watchers += request.Watcher is null ? 0 : 1;
    }

    public void AddPing(long now)
    {
        _pings.Enqueue(now);
        _lastSentAt = now;
        _lastPingSentAt = now;
    }

    /// <summary>The oldest request, if the answer is its.</summary>
    public Request? Match(int xid)
    {
        if (!_ordered.TryPeek(out var request) || request.Xid != xid)
        {
            return null;
        }

        _ordered.Dequeue();
        _watchers -= request.Watcher is null ? 0 : 1;
        return request;
    }

    public Request? MatchAuth() => _auths.Count == 0 ? null : _auths.Dequeue();

    /// <summary>When the oldest ping was sent; 0 when none is awaited.</summary>
    public long MatchPing() => _pings.TryDequeue(out var sentAt) ? sentAt : 0;

    /// <summary>
    /// Tells requests that are about to set a watch that its event has come already. A server sets the watch, then sends the
    /// answer; a change in between can overtake the answer, and the watch is used up when the answer arrives.
    /// </summary>
    public void MarkEarly(WatchEventType type, string path)
    {
        for (var i = 0; _watchers > 0 && i < _ordered.Count; i++)
        {
            if (_ordered[i] is { Watcher: not null } request && IsCovered(request, path))
            {
                request.EarlyEvent = (byte)type;
            }
        }
    }

    public void Opened(long now) => _lastSentAt = now;

    /// <summary>Forgets everything and returns the requests, whose fate is unknown.</summary>
    public Request[] TakeAll()
    {
        _pings.Clear();
        _watchers = 0;
        return [.. _ordered.TakeAll(), .. _auths.TakeAll()];
    }

    public LinkActivity Activity() => new()
    {
        LastSentAt = _lastSentAt,
        OldestRequestSentAt = OldestSentAt(),
        OldestPingSentAt = _pings.TryPeek(out var ping) ? ping : 0,
        LastPingSentAt = _lastPingSentAt,
        PingsUnanswered = _pings.Count,
    };

    private static bool IsCovered(Request request, string path) => request.WatchKind == Watches.WatchKind.Recursive
        ? path.StartsWith(request.Path!, StringComparison.Ordinal)
        : path == request.Path;

    private long OldestSentAt()
    {
        var request = _ordered.TryPeek(out var ordered) ? ordered.Timestamp : 0;
        var auth = _auths.TryPeek(out var first) ? first.Timestamp : 0;
        return request == 0 || auth == 0 ? Math.Max(request, auth) : Math.Min(request, auth);
    }
}
