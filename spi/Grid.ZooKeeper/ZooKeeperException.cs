namespace Grid.ZooKeeper;

/// <summary>An operation failed. <see cref="MayHaveBeenApplied"/> says whether it may be repeated blindly.</summary>
public class ZooKeeperException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="code">Why.</param>
    /// <param name="path">The path that the caller gave; <see langword="null"/> for operations without one.</param>
    /// <param name="mayHaveBeenApplied">Whether the server may have carried the operation out.</param>
    /// <param name="message">What happened, where, and what the reader can do.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public ZooKeeperException(
        ZooKeeperErrorCode code, string? path, bool mayHaveBeenApplied, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Path = path;
        MayHaveBeenApplied = mayHaveBeenApplied;
    }

    /// <summary>Why it failed.</summary>
    public ZooKeeperErrorCode Code { get; }

    /// <summary>The path that the caller gave; <see langword="null"/> for operations without one.</summary>
    public string? Path { get; }

    /// <summary>
    /// Whether a write's fate is unknown: it went out and no answer came back. <see langword="false"/> means that
    /// the server refused it, that it was never sent, or that it was a read.
    /// </summary>
    public bool MayHaveBeenApplied { get; }

    /// <summary>Whether the same operation may succeed later without a change: the connection was lost, the client or the server was too busy.</summary>
    public bool IsTransient => Code is ZooKeeperErrorCode.ConnectionLoss or ZooKeeperErrorCode.OperationTimeout
        or ZooKeeperErrorCode.SessionMoved or ZooKeeperErrorCode.Throttled or ZooKeeperErrorCode.RequestTimeout
        or ZooKeeperErrorCode.TooManyRequests;
}
