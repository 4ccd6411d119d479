namespace Grid.Spi;

/// <summary>
/// Carries bytes between nodes: it listens, connects and hands out duplex pipes. It knows no frame, no message and no
/// peer identity; Grid authenticates each pipe before it reads the first frame from it.
/// </summary>
/// <remarks>
/// <para><b>Who calls it, and when.</b> One node calls one instance: <see cref="ListenAsync"/> at most once (a client
/// never listens), <see cref="AcceptAsync"/> in a loop afterwards, <see cref="ConnectAsync"/> at any time,
/// <see cref="IAsyncDisposable.DisposeAsync"/> last: it stops listening and aborts every pipe.</para>
/// <para><b>Concurrency.</b> Connects overlap each other and the one pending accept.</para>
/// <para><b>Blocking.</b> No method blocks. <b>A pending accept, connect, read or flush completes on a thread of the
/// provider's own, never on the shared thread pool</b>, so that links go on while user code blocks the whole pool;
/// Grid runs short, non-blocking continuations there.</para>
/// <para><b>Failure.</b> <see cref="ConnectAsync"/> throws <see cref="CommunicationException"/>; it may be repeated. A provider that checks
/// certificates throws <see cref="AuthenticationException"/> when it does not accept the peer's, which repeating does not change. A broken pipe
/// ends its reads and flushes with the same type.</para>
/// <para><b>Ownership.</b> Whoever receives a pipe disposes it.</para>
/// </remarks>
public interface ICommunicationSpi : IAsyncDisposable
{
    /// <summary>Starts to listen where the provider's options say.</summary>
    /// <param name="ct">Gives the start up.</param>
    /// <returns>The addresses to advertise to other nodes, in order of preference; at least one.</returns>
    /// <exception cref="CommunicationException">The address cannot be bound; the message names it.</exception>
    Task<IReadOnlyList<NodeEndpoint>> ListenAsync(CancellationToken ct);

    /// <summary>Waits for the next incoming pipe.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The pipe, or <see langword="null"/> when the provider has been disposed.</returns>
    ValueTask<ICommunicationPipe?> AcceptAsync(CancellationToken ct);

    /// <summary>Opens a pipe to a peer.</summary>
    /// <param name="endpoint">One of the addresses that the peer advertises.</param>
    /// <param name="ct">Gives the attempt up; no pipe is left behind.</param>
    ValueTask<ICommunicationPipe> ConnectAsync(NodeEndpoint endpoint, CancellationToken ct);
}
