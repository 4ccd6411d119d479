namespace Grid.ZooKeeper.Session;

/// <summary>
/// Looks after one session when the <see cref="SessionWatch"/> says: pings, nudges, dead connections, slow handshakes, stale requests, the fence, and a reading thread that is kept by callers' code.
/// Never blocks: it holds up the other sessions of the process.
/// </summary>
internal sealed class SessionKeeper(SessionServices services) : WatchedSession
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _clock = services.Options.TimeProvider;

    /// <summary>A ping that found the connection busy is tried again at the latest after this.</summary>
    private readonly long _retryPingAfter = SessionTimings.Units(Leadership.Patience, services.Options.TimeProvider);
    private readonly TimeSpan _requestTimeout = services.Options.RequestTimeout ?? TimeSpan.Zero;

    /// <summary>When something is due, for what was under way at the last look; timestamp of the client's clock.</summary>
    private long _nextAt;

    public override TimeSpan? Look(bool isCalled)
    {
        try
        {
            return services.Ledger.IsFinal ? null : LookAtLead(isCalled);
        }
        catch (Exception exception)
        {
            // A defect; the session is given up rather than left unwatched.
            services.Log.ThreadFailed("zookeeper-watch", exception);
            services.Threads.Stop("the client has stopped");
            return TimeSpan.Zero;
        }
    }

    private TimeSpan LookAtLead(bool isCalled)
    {
        var lead = services.Leadership.Watch();
        if (lead == Lead.IsVacant)
        {
            services.Queue.LeadBy(0);
            services.Threads.ReplaceReader();
            services.Threads.CallWriter();
        }

        var now = _clock.GetTimestamp();
        if ((isCalled || now >= _nextAt) && !TryLookAtTime(now))
        {
            _nextAt = now;
        }

        var wait = _clock.GetElapsedTime(now, Math.Max(_nextAt, now));
        var waitMax = lead == Lead.Rests ? WaitMax : Leadership.Patience;
        return wait < waitMax ? wait : waitMax;
    }

    /// <returns>Whether <see cref="_nextAt"/> holds; otherwise something has begun since, and it is to look again.</returns>
    private bool TryLookAtTime(long now)
    {
        var activity = services.Queue.Activity;
        var tick = services.Ledger.Tick(now, activity);
        Apply(tick);
        _nextAt = Math.Min(tick.NextAt, HandshakeDeadline(now));
        if (tick.Effects.HasFlag(SessionEffect.SendPing))
        {
            if (WriteLoop.TrySendPing(services))
            {
                return false;
            }

            _nextAt = now + _retryPingAfter;
        }

        return services.Queue.TryRest(activity.AwaitedSince > 0 || activity.OldestQueuedAt > 0);
    }

    private void Apply(SessionTick tick)
    {
        if (tick.Effects.HasFlag(SessionEffect.DropLink))
        {
            services.CurrentLink?.Abort(tick.DropReason);
        }

        if (tick.Effects.HasFlag(SessionEffect.FailStaleQueued))
        {
            var timeout = services.Ledger.Board.Latest.Timeout;
            services.Queue.FailStale(_requestTimeout > TimeSpan.Zero ? _requestTimeout : timeout > TimeSpan.Zero ? timeout : services.Options.SessionTimeout);
        }
    }

    /// <summary>Ends a handshake that takes too long, and says when to look again.</summary>
    private long HandshakeDeadline(long now)
    {
        if (services.CurrentLink is not { IsPrepared: false, AbortReason: null } link)
        {
            return SessionTimings.Never;
        }

        if (now < link.Deadline)
        {
            return link.Deadline;
        }

        link.Abort("the server did not finish the handshake in time");
        return SessionTimings.Never;
    }
}
