using Grid.ZooKeeper;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>
/// One membership as the clock sees it. Any thread asks; the discovery thread ends it; the outage probe extends it. Once it has ended it stays so:
/// only another registration makes another lease.
/// </summary>
internal sealed class MembershipLease(ZooKeeperClient client, NodeKey key, TimeProvider time)
{
    private long _outageFenceAt;
    private volatile bool _isEnded;

    public NodeKey Key { get; } = key;

    /// <summary>When the servers may give the membership up at the earliest, less the safety margin; a timestamp of the clock.</summary>
    public long FenceAt => Math.Max(client.FenceTimestamp, Volatile.Read(ref _outageFenceAt));

    public bool IsHeld => !_isEnded && time.GetTimestamp() < FenceAt;

    /// <summary>How long it is still held if nothing is heard; zero or less when it is not.</summary>
    public TimeSpan Remaining => _isEnded ? TimeSpan.Zero : time.GetElapsedTime(time.GetTimestamp(), FenceAt);

    /// <summary>Takes note that the servers cannot have begun to count before a moment at which the lease was held.</summary>
    /// <param name="since">That moment, a timestamp.</param>
    /// <param name="span">How long after it the membership is safe.</param>
    public void Extend(long since, TimeSpan span)
    {
        if (!_isEnded && since < FenceAt)
        {
            Volatile.Write(ref _outageFenceAt, since + (long)(span.TotalSeconds * time.TimestampFrequency));
        }
    }

    public void End() => _isEnded = true;
}
