namespace Grid.Messaging.Links;

/// <summary>The connects and handshakes under way: bounds how many strangers are served at once and for how long.</summary>
internal sealed class HandshakeAttempts(TimeProvider time, TimeSpan timeLimit, int incomingMax)
{
    private readonly Lock _gate = new();
    private readonly HashSet<HandshakeAttempt> _attempts = [];
    private int _incoming;

    /// <summary>Begins an attempt by the local node.</summary>
    public HandshakeAttempt BeginOutgoing()
    {
        lock (_gate)
        {
            return AddNeedsLock(isIncoming: false);
        }
    }

    /// <summary>Begins an attempt by a stranger, or returns <see langword="null"/> when too many are under way.</summary>
    public HandshakeAttempt? TryBeginIncoming()
    {
        lock (_gate)
        {
            if (_incoming >= incomingMax)
            {
                return null;
            }

            _incoming++;
            return AddNeedsLock(isIncoming: true);
        }
    }

    /// <summary>Gives up what has taken too long.</summary>
    public void Tick(long now)
    {
        foreach (var attempt in Snapshot())
        {
            if (time.GetElapsedTime(attempt.StartedAt, now) >= timeLimit)
            {
                attempt.Expire();
            }
        }
    }

    /// <summary>Gives up everything.</summary>
    /// <returns>Completes when all has ended.</returns>
    public Task ExpireAll()
    {
        var attempts = Snapshot();
        foreach (var attempt in attempts)
        {
            attempt.Expire();
        }

        return Task.WhenAll(attempts.Select(attempt => attempt.Completion));
    }

    public void Remove(HandshakeAttempt attempt)
    {
        lock (_gate)
        {
            if (_attempts.Remove(attempt) && attempt.IsIncoming)
            {
                _incoming--;
            }
        }
    }

    private HandshakeAttempt AddNeedsLock(bool isIncoming)
    {
        var attempt = new HandshakeAttempt(this, time.GetTimestamp(), isIncoming);
        _attempts.Add(attempt);
        return attempt;
    }

    private HandshakeAttempt[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _attempts];
        }
    }
}
