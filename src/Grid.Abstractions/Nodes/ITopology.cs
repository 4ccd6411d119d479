namespace Grid;

/// <summary>
/// The members of the cluster as the local node knows them. Implemented by Grid; user code and jobs read it, from any
/// thread. Reading never blocks and never fails: while the registry is away the last view stays, marked by its link.
/// </summary>
public interface ITopology
{
    /// <summary>The latest view. Replaced, never changed in place.</summary>
    TopologyView Current { get; }

    /// <summary>
    /// The changes after a version, first those in the history and then new ones as they happen; failures come before
    /// joins of the same moment. The stream ends when the grid is disposed. A reader that falls behind the bounded
    /// history gets one <see cref="TopologyChangeKind.Reset"/> and goes on from the present.
    /// </summary>
    /// <param name="afterVersion">The last version already known; <c>Current.Version</c> for news only.</param>
    /// <param name="ct">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    IAsyncEnumerable<TopologyChange> ChangesAsync(long afterVersion, CancellationToken ct = default);
}
