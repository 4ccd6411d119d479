namespace Grid.Spi;

/// <summary>
/// Finds the members of a cluster and makes the local node one of them. It knows who is registered and nothing else:
/// no pings, no events (and metrics only if it says so by <see cref="IMemberMetricsSpi"/>); Grid compares consecutive snapshots and works out who joined, left or failed.
/// </summary>
/// <remarks>
/// <para><b>Who calls it, and when.</b> One node calls one instance: <see cref="StartAsync"/> once, then
/// <see cref="WatchAsync"/> once, <see cref="UpdateAsync"/> and <see cref="RejoinAsync"/> any number of times while it is
/// watched, <see cref="StopAsync"/> at the end (a repetition does nothing), and <see cref="IAsyncDisposable.DisposeAsync"/> last, also after a failed start. Disposed
/// without a stop, it drops the membership without a good-bye: the others see a failure, at once or when the registry notices.</para>
/// <para><b>Concurrency.</b> Start, update, rejoin and stop never overlap one another; they do overlap the enumeration of the watch.</para>
/// <para><b>Blocking.</b> No method may block its caller's thread. Whatever keeps the membership alive (session
/// pings) runs on threads of the provider's own, so that user code that blocks the whole thread pool does not cost the membership.</para>
/// <para><b>Failure.</b> Trouble that may pass is not an exception of the watch: it is a snapshot with the link
/// <see cref="DiscoveryLink.Suspended"/> and the members as last known. A failed read is never an empty list.
/// The methods throw a <see cref="GridException"/> that says whether it <see cref="GridException.IsTransient"/>; after one that does,
/// the same call may be repeated.</para>
/// <para><b>Ownership.</b> Arguments and results are immutable.</para>
/// </remarks>
public interface IDiscoverySpi : IAsyncDisposable
{
    /// <summary>
    /// Whether the local node can still be sure of its membership. Grid asks before it accepts a job and before it commits
    /// a result, from any thread, so the answer is cheap: it compares the provider's own monotonic clock with the time until which
    /// the registry cannot have given the node up, and does not wait for a timer or a snapshot to say so (a process that was
    /// paused must not act in the moment it wakes). <see langword="false"/> before <see cref="StartAsync"/> and after <see cref="StopAsync"/>; a client has no
    /// membership, so it answers <see langword="false"/>.
    /// </summary>
    bool HoldsMembership { get; }

    /// <summary>
    /// Connects to the registry, creates what the cluster needs there if it is the first, and registers the local node.
    /// When it returns, every other member can find the node; when it throws, nothing of the node is left registered. A client creates nothing: where a
    /// cluster has to be created, its start waits until a member has done so.
    /// </summary>
    /// <param name="local">The local node's record; <see langword="null"/> for a client, which sees the members and registers nothing.</param>
    /// <param name="ct">Gives the start up. A client that was waiting for its cluster throws a <see cref="DiscoveryException"/> then, which says that there is none.</param>
    /// <returns>The identity of the cluster, the same for every member.</returns>
    Task<ClusterId> StartAsync(NodeInfo? local, CancellationToken ct);

    /// <summary>
    /// The members, as complete snapshots: one at once, then one after each change. Snapshots may be coalesced (a reader
    /// that is slow sees the latest, not each), never reordered. The stream ends after <see cref="StopAsync"/>.
    /// </summary>
    /// <param name="ct">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    IAsyncEnumerable<DiscoverySnapshot> WatchAsync(CancellationToken ct);

    /// <summary>Replaces the local node's record: another state, other attributes; the same <see cref="NodeInfo.Key"/>.</summary>
    /// <param name="local">The new record.</param>
    /// <param name="ct">Gives the update up; it may have been applied.</param>
    /// <exception cref="InvalidOperationException">The local node is a client, or its membership is lost.</exception>
    Task UpdateAsync(NodeInfo local, CancellationToken ct);

    /// <summary>
    /// Registers the local node again after a snapshot with the link <see cref="DiscoveryLink.Lost"/>. Grid calls it when
    /// it has given up everything that belonged to the old membership. A provider never rejoins by itself.
    /// </summary>
    /// <param name="local">The record with the next incarnation.</param>
    /// <param name="ct">Gives the attempt up.</param>
    Task RejoinAsync(NodeInfo local, CancellationToken ct);

    /// <summary>
    /// Leaves on purpose: the others see the node as having left, not failed. Completes within the token's time even
    /// when the registry is away; the registry then notices by itself. May be called after a failed start.
    /// </summary>
    /// <param name="ct">Bounds the good-bye.</param>
    Task StopAsync(CancellationToken ct);
}
