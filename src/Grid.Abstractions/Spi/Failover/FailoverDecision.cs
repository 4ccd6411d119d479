namespace Grid.Spi;

/// <summary>What becomes of a job whose attempt failed. The default value gives it up.</summary>
public readonly record struct FailoverDecision
{
    /// <summary>The job fails with what its last attempt failed with.</summary>
    public static FailoverDecision GiveUp => default;

    /// <summary>Whether the job is tried again.</summary>
    public bool IsRetry { get; private init; }

    /// <summary>How long it rests before. A node that joins or leaves meanwhile ends the rest.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>
    /// Where it is tried, if that node may run it then; otherwise, and when <see langword="null"/>, the load balancer chooses among those that have not failed it, or, if
    /// there are none, among all.
    /// </summary>
    public NodeId? Node { get; private init; }

    /// <summary>The job is tried again.</summary>
    /// <param name="delay">How long it rests before: zero or more; more than an hour counts as an hour.</param>
    /// <param name="node">Where, or <see langword="null"/> for any node.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    public static FailoverDecision Retry(TimeSpan delay = default, NodeId? node = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new FailoverDecision { IsRetry = true, Delay = delay < TimeSpan.FromHours(1) ? delay : TimeSpan.FromHours(1), Node = node };
    }
}
