namespace Grid.ZooKeeper;

/// <summary>A transaction was refused as a whole because one of its operations failed. Nothing was applied.</summary>
public sealed class MultiException : ZooKeeperException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="failedIndex">Which operation failed, from 0.</param>
    /// <param name="code">Why it failed.</param>
    /// <param name="path">Its path.</param>
    /// <param name="results">What the server said about each operation.</param>
    public MultiException(int failedIndex, ZooKeeperErrorCode code, string? path, IReadOnlyList<MultiResult> results)
        : base(code, path, false, $"The transaction of {results?.Count ?? 0} operations was refused because of operation {failedIndex} on '{path}': {code}. Nothing was applied.")
    {
        ArgumentNullException.ThrowIfNull(results);
        FailedIndex = failedIndex;
        Results = results;
    }

    /// <summary>Which operation failed, from 0.</summary>
    public int FailedIndex { get; }

    /// <summary>
    /// One per operation: <see cref="ZooKeeperErrorCode.Ok"/> for those before the culprit, its error for the culprit,
    /// <see cref="ZooKeeperErrorCode.RuntimeInconsistency"/> for those after it.
    /// </summary>
    public IReadOnlyList<MultiResult> Results { get; }
}
