namespace Grid.ZooKeeper.Session;

/// <summary>
/// The durations that a session timeout T implies, in timestamp units of the clock. A session can end before T has passed since the last
/// answered request: the follower that answered may die before it reports to the leader, who then counts from the request before.
/// Hence pings every T/6 and the fence at 0.6 T: the earliest end is then 5/6 T, and 0.23 T of margin remain.
/// </summary>
internal readonly record struct SessionTimings(long PingEvery, long DeadAfter, long FenceAfter, long NudgeAfter, long RequestTimeout)
{
    /// <summary>Later than any time that occurs, and far enough from overflow to add durations.</summary>
    public const long Never = long.MaxValue / 4;

    public static SessionTimings For(TimeSpan timeout, ZooKeeperOptions options)
    {
        var clock = options.TimeProvider;
        return new SessionTimings(
            Units(timeout / 6, clock),
            Units(timeout / 3, clock),
            Units(timeout * 0.6, clock),
            Units(options.NudgeAfter, clock),
            Units(options.RequestTimeout ?? timeout, clock));
    }

    /// <summary>A duration in the clock's timestamp units; infinite becomes <see cref="Never"/>.</summary>
    public static long Units(TimeSpan duration, TimeProvider clock) =>
        duration == Timeout.InfiniteTimeSpan ? Never : (long)(duration.TotalSeconds * clock.TimestampFrequency);
}
