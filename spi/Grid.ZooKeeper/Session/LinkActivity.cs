namespace Grid.ZooKeeper.Session;

/// <summary>What has passed over the connection, as timestamps; 0 where there is nothing.</summary>
internal readonly record struct LinkActivity
{
    public long LastSentAt { get; init; }

    public long LastReceivedAt { get; init; }

    /// <summary>When the latest request that was answered was sent, on this connection or an earlier one.</summary>
    public long LastAnsweredSentAt { get; init; }

    /// <summary>When the oldest ordinary request without an answer was sent.</summary>
    public long OldestRequestSentAt { get; init; }

    /// <summary>When the oldest request that has not been sent was enqueued.</summary>
    public long OldestQueuedAt { get; init; }

    public long OldestPingSentAt { get; init; }

    public long LastPingSentAt { get; init; }

    public int PingsUnanswered { get; init; }

    /// <summary>When the oldest of what is awaited was sent; 0 when nothing is.</summary>
    public long AwaitedSince => (OldestRequestSentAt, OldestPingSentAt) switch
    {
        (0, var ping) => ping,
        (var request, 0) => request,
        var (request, ping) => Math.Min(request, ping),
    };
}
