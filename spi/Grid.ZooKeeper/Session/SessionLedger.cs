using Grid.ZooKeeper.Requests;
using Grid.ZooKeeper.Watches;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Session;

/// <summary>
/// The session machine behind a lock, and the effects of its events on what the session owns: status, requests, watches. Events come
/// from the reading thread (answers, losses), the watch (time) and whoever closes the client.
/// </summary>
internal sealed class SessionLedger
{
    private readonly Lock _gate = new();
    private readonly SessionMachine _machine;
    private readonly RequestQueue _queue;
    private readonly WatchTable _watches;
    private readonly ZooKeeperLog _log;
    private readonly StatusBoard _board;

    public SessionLedger(ZooKeeperOptions options, RequestQueue queue, WatchTable watches, ZooKeeperLog log)
    {
        _machine = new SessionMachine(options);
        _queue = queue;
        _watches = watches;
        _log = log;
        _board = new StatusBoard(_machine.Status);
    }

    public StatusBoard Board => _board;

    public SessionCredential? Credential
    {
        get
        {
            lock (_gate)
            {
                return _machine.Credential;
            }
        }
    }

    public long FenceTimestamp
    {
        get
        {
            lock (_gate)
            {
                return _machine.FenceAt(_queue.Times.AnsweredSentAt);
            }
        }
    }

    public bool IsFinal
    {
        get
        {
            lock (_gate)
            {
                return _machine.IsFinal;
            }
        }
    }

    public void Answered(ConnectResponse response) => Apply(machine => machine.OnAnswered(response));

    public void Connected(string server) => Apply(machine => machine.OnConnected(server));

    public void Lost(string reason) => Apply(machine => machine.OnLost(reason));

    public void AuthFailed(string reason) => Apply(machine => machine.OnAuthFailed(reason));

    public void Refused(string reason) => Apply(machine => machine.OnRefused(reason));

    public void Closed() => Apply(machine => machine.OnClosed());

    public SessionTick Tick(long now, in LinkActivity activity)
    {
        lock (_gate)
        {
            var tick = _machine.OnTick(now, activity);
            PublishNeedsLock(tick.Effects);
            return tick;
        }
    }

    private void Apply(Func<SessionMachine, SessionEffect> onEvent)
    {
        SessionEffect effects;
        lock (_gate)
        {
            effects = onEvent(_machine);
            PublishNeedsLock(effects);
        }

        if (effects.HasFlag(SessionEffect.EndSession))
        {
            End();
        }
    }

    /// <summary>Under the lock, so that changes are published in the order in which they happened. The board is a leaf and calls nobody.</summary>
    private void PublishNeedsLock(SessionEffect effects)
    {
        if (effects.HasFlag(SessionEffect.Publish))
        {
            _board.Publish(_machine.Status);
        }
    }

    private void End()
    {
        var status = _board.Latest;
        _log.SessionEnded(status);
        _queue.End(status.State switch
        {
            SessionState.Expired => ZooKeeperErrorCode.SessionExpired,
            SessionState.AuthFailed => ZooKeeperErrorCode.AuthFailed,
            _ => ZooKeeperErrorCode.Closing,
        });
        foreach (var watcher in _watches.EndAll())
        {
            watcher.End();
        }
    }
}
