namespace Grid.Spi;

/// <summary>
/// A job that has come to a node and waits for a slot, as a collision provider sees it. One object per attempt, compared by reference: it can be a key, and is the same in every call. What it
/// says does not change, but for <see cref="IsWithdrawn"/>.
/// </summary>
public interface IWaitingJob
{
    /// <summary>The job.</summary>
    JobId JobId { get; }

    /// <summary><see cref="JobOptions.Priority"/>.</summary>
    int Priority { get; }

    /// <summary><see cref="JobOptions.Pool"/>; empty for none.</summary>
    string Pool { get; }

    /// <summary><see cref="JobOptions.Tenant"/>; empty for none.</summary>
    string Tenant { get; }

    /// <summary><see cref="JobOptions.Resources"/>.</summary>
    ResourceAmounts Resources { get; }

    /// <summary>When it came to the node, on the node's monotonic clock.</summary>
    TimeSpan ArrivedAt { get; }

    /// <summary>Whether it waits no longer although it was not activated: it was cancelled or handed back. It may stay in the provider's memory for a while, but is never chosen.</summary>
    bool IsWithdrawn { get; }
}
