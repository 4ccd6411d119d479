namespace Grid.ZooKeeper;

/// <summary>A session's state with what belongs to it: one element of the stream of <see cref="ZooKeeperClient.WatchStatusAsync"/>.</summary>
/// <param name="State">The state.</param>
/// <param name="SessionId">The session; 0 before a server granted one.</param>
/// <param name="Timeout">The timeout that the server granted, which may differ from the one asked for; zero before.</param>
/// <param name="IsFenced">
/// Whether 0.6 of the timeout has passed since the last answered request was sent. From then on a server may be about to
/// expire the session, or may have done so: stop acting on what the session protects. It ends when a server answers again.
/// </param>
/// <param name="Reason">What led here, in words, for logs.</param>
public sealed record SessionStatus(SessionState State, long SessionId, TimeSpan Timeout, bool IsFenced, string Reason)
{
    /// <summary>Whether no other status will follow.</summary>
    public bool IsFinal => State is SessionState.Expired or SessionState.Closed or SessionState.AuthFailed;
}
