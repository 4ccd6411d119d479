using System.Net;

namespace Grid.Discovery;

/// <summary>Tells nodes without a registry of members where to find some of the others, and tells the others of this node.</summary>
/// <remarks>
/// <para><b>Who calls it, and when.</b> One provider calls one instance: <see cref="StartAsync"/> before each attempt to join (one that has started does nothing then), <see cref="Current"/> after it, from any
/// thread, and <see cref="IAsyncDisposable.DisposeAsync"/> last, also after a failed start. A second disposal does nothing.</para>
/// <para><b>Blocking.</b> No method blocks its caller's thread.</para>
/// <para><b>Failure.</b> A start that fails throws a <see cref="GridException"/> that says whether it is transient, and may be repeated. Later trouble is the source's own: the addresses stay as they were last known.</para>
/// </remarks>
public interface ISeedSource : IAsyncDisposable
{
    /// <summary>
    /// The addresses that were offered longest, in the order in which they were: the first may found the cluster. As they were read last; to ask has them read again after a while, behind the scenes.
    /// </summary>
    IReadOnlyList<IPEndPoint> Current { get; }

    /// <summary>Offers an address until the disposal or the end of the process, and reads those of the others. What was offered before it is in <see cref="Current"/> when it returns.</summary>
    /// <param name="own">Where this node is found; <see langword="null"/> for a client, which offers nothing.</param>
    /// <param name="ct">Gives it up.</param>
    Task StartAsync(IPEndPoint? own, CancellationToken ct);
}
