using System.Diagnostics;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Session;

/// <summary>
/// The life of one session. It begins Connecting; a server grants the session and the connection is prepared, which makes it Connected; a lost
/// connection makes it Suspended until a server takes the session again or says that it has ended. Expired, AuthFailed and Closed are
/// final. Whether the session is fenced depends on the clock alone and is independent of the state.
/// </summary>
/// <remarks>Takes events and timestamps, returns effects. Not safe for concurrent use; the <see cref="SessionLedger"/> guards it.</remarks>
internal sealed class SessionMachine(ZooKeeperOptions options)
{
    private const int PingsUnansweredMax = 64;
    private SessionTimings _timings = SessionTimings.For(options.SessionTimeout, options);

    public SessionState State { get; private set; } = SessionState.Connecting;

    public SessionCredential? Credential { get; private set; } = options.Session;

    public TimeSpan Timeout { get; private set; }

    public bool IsFenced { get; private set; }

    public string Reason { get; private set; } = "started";

    public bool IsFinal => State is SessionState.Expired or SessionState.Closed or SessionState.AuthFailed;

    public SessionStatus Status => new(State, Credential?.SessionId ?? 0, Timeout, IsFenced, Reason);

    public long FenceAt(long lastAnsweredSentAt) => Timeout > TimeSpan.Zero ? lastAnsweredSentAt + _timings.FenceAfter : 0;

    /// <summary>A server answered the connect request; the connection is not yet prepared.</summary>
    public SessionEffect OnAnswered(ConnectResponse response)
    {
        if (IsFinal)
        {
            return SessionEffect.None;
        }

        if (response.IsExpired)
        {
            return End(SessionState.Expired, "a server said that the session has ended");
        }

        Credential = new SessionCredential(response.SessionId, response.Password);
        Timeout = response.Timeout;
        _timings = SessionTimings.For(response.Timeout, options);
        return SessionEffect.None;
    }

    /// <summary>Credentials and watches are in place: requests may go.</summary>
    public SessionEffect OnConnected(string server)
    {
        if (IsFinal)
        {
            return SessionEffect.None;
        }

        Debug.Assert(Credential is not null, "A connection is prepared only for a session that was granted.");
        State = SessionState.Connected;
        IsFenced = false;
        Reason = $"connected to {server}";
        return SessionEffect.Publish;
    }

    public SessionEffect OnLost(string reason)
    {
        if (State != SessionState.Connected)
        {
            return SessionEffect.None;
        }

        State = SessionState.Suspended;
        Reason = reason;
        return SessionEffect.Publish;
    }

    public SessionEffect OnAuthFailed(string reason) => End(SessionState.AuthFailed, reason);

    /// <summary>The server's terms are not acceptable; its session is abandoned.</summary>
    public SessionEffect OnRefused(string reason) => End(SessionState.Closed, reason);

    public SessionEffect OnClosed() => End(SessionState.Closed, "closed by its owner");

    /// <summary>Time has passed, or something was sent.</summary>
    public SessionTick OnTick(long now, in LinkActivity activity)
    {
        if (IsFinal)
        {
            return new SessionTick(SessionEffect.None, SessionTimings.Never, "");
        }

        var effects = UpdateFence(now, activity);
        var nextAt = IsFenced || Timeout == TimeSpan.Zero ? SessionTimings.Never : FenceAt(activity.LastAnsweredSentAt);
        if (activity.OldestQueuedAt > 0)
        {
            var staleAt = activity.OldestQueuedAt + _timings.RequestTimeout;
            effects |= now >= staleAt ? SessionEffect.FailStaleQueued : SessionEffect.None;
            nextAt = Math.Min(nextAt, staleAt);
        }

        return State == SessionState.Connected ? TickConnected(now, activity, effects, nextAt) : new SessionTick(effects, nextAt, "");
    }

    private SessionTick TickConnected(long now, in LinkActivity activity, SessionEffect effects, long nextAt)
    {
        var (deadAt, reason) = DeadAt(activity);
        if (now >= deadAt)
        {
            return new SessionTick(effects | SessionEffect.DropLink, nextAt, reason);
        }

        var pingAt = PingAt(activity);
        if (now >= pingAt)
        {
            // The ping changes the activity: the service asks again once it is sent.
            return new SessionTick(effects | SessionEffect.SendPing, now, "");
        }

        return new SessionTick(effects, Math.Min(nextAt, Math.Min(deadAt, pingAt)), "");
    }

    private SessionEffect UpdateFence(long now, in LinkActivity activity)
    {
        var isFenced = Timeout > TimeSpan.Zero && now >= FenceAt(activity.LastAnsweredSentAt);
        if (isFenced == IsFenced)
        {
            return SessionEffect.None;
        }

        IsFenced = isFenced;
        return SessionEffect.Publish;
    }

    /// <summary>
    /// Dead when nothing came for T/3 though something was awaited for T/6 at least: right after a pause of the whole process, what was just sent
    /// has a chance to be answered. Or when one request was not answered in its time though the server answers pings.
    /// </summary>
    private (long At, string Reason) DeadAt(in LinkActivity activity)
    {
        if (activity.AwaitedSince == 0)
        {
            return (SessionTimings.Never, "");
        }

        var silentAt = Math.Max(activity.LastReceivedAt + _timings.DeadAfter, activity.AwaitedSince + _timings.PingEvery);
        var staleAt = activity.OldestRequestSentAt > 0 ? activity.OldestRequestSentAt + _timings.RequestTimeout : SessionTimings.Never;
        return silentAt <= staleAt
            ? (silentAt, "the server was silent for a third of the session timeout")
            : (staleAt, "the server did not answer a request in its time");
    }

    private long PingAt(in LinkActivity activity)
    {
        if (activity.PingsUnanswered >= PingsUnansweredMax)
        {
            return SessionTimings.Never;
        }

        var idleAt = activity.LastSentAt + _timings.PingEvery;
        return activity.OldestRequestSentAt == 0
            ? idleAt
            : Math.Min(idleAt, Math.Max(activity.OldestRequestSentAt, activity.LastPingSentAt) + _timings.NudgeAfter);
    }

    private SessionEffect End(SessionState state, string reason)
    {
        if (IsFinal)
        {
            return SessionEffect.None;
        }

        State = state;
        Reason = reason;
        return SessionEffect.Publish | SessionEffect.EndSession;
    }
}
