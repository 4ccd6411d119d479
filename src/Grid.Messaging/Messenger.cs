using Grid.Spi;

namespace Grid.Messaging;

/// <summary>
/// The messaging of one node: it owns the links to all peers, one per peer, over the pipes of a communication provider. Life-cycle: construct,
/// register handlers, optionally <see cref="ListenAsync"/>, <see cref="Start"/>, dispose. All members are thread-safe and none blocks.
/// </summary>
public sealed class Messenger : IAsyncDisposable
{
    /// <summary>Makes a messenger; nothing happens before <see cref="ListenAsync"/> or <see cref="Start"/>.</summary>
    /// <param name="options">Limits and times.</param>
    /// <param name="communication">The provider of pipes; the messenger disposes it.</param>
    /// <param name="services">Clock, chance, log and metrics.</param>
    /// <exception cref="GridConfigurationException">An option is out of range; the message lists all that are.</exception>
    public Messenger(MessengerOptions options, ICommunicationSpi communication, MessengerServices services) => throw new NotImplementedException();

    /// <summary>Told about links going up and down; set before <see cref="Start"/>.</summary>
    public ILinkObserver? Observer { get; set; }

    /// <summary>Binds the listener. Pipes are accepted only after <see cref="Start"/>.</summary>
    /// <param name="ct">Gives up.</param>
    /// <returns>The addresses to advertise.</returns>
    public Task<IReadOnlyList<NodeEndpoint>> ListenAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Registers the one handler of a kind of request and one-way message; before <see cref="Start"/>.</summary>
    /// <param name="kind">1 to 255.</param>
    /// <param name="handler">Called for each message of the kind.</param>
    public void Handle(byte kind, IMessageHandler handler) => throw new NotImplementedException();

    /// <summary>Registers the one handler of a kind of stream; before <see cref="Start"/>. Kinds of streams and of messages are apart.</summary>
    /// <param name="kind">1 to 255.</param>
    /// <param name="handler">Called for each stream that a peer opens.</param>
    public void HandleStreams(byte kind, IStreamHandler handler) => throw new NotImplementedException();

    /// <summary>Begins to accept and to connect, as this node.</summary>
    /// <param name="local">Who the node is.</param>
    public void Start(LocalPeer local) => throw new NotImplementedException();

    /// <summary>Changes who the node is after it lost its membership and joined again: every link is closed, later handshakes carry the new incarnation.</summary>
    /// <param name="local">The new record.</param>
    public void Rejoin(NodeInfo local) => throw new NotImplementedException();

    /// <summary>The peer for a node. One instance per <see cref="NodeKey"/>; it connects when first used.</summary>
    /// <param name="node">The record, with the endpoints to dial; a newer record of the same key replaces the older one's.</param>
    public Peer GetPeer(NodeInfo node) => throw new NotImplementedException();

    /// <summary>The peer of that key, if there is one: made by <see cref="GetPeer"/>, or known by a link that it opened.</summary>
    /// <param name="key">The node and its incarnation.</param>
    public Peer? FindPeer(NodeKey key) => throw new NotImplementedException();

    /// <summary>Forgets a peer that has left: its link is closed and what is pending fails.</summary>
    /// <param name="key">The node and its incarnation.</param>
    public void Forget(NodeKey key) => throw new NotImplementedException();

    /// <summary>
    /// Until the result is disposed, what this thread sends is collected and leaves in as few writes as possible. For a thread that sends several
    /// messages in a row; I/O threads do it for what handlers send. Dispose it on the same thread, soon, and never across an await.
    /// </summary>
    public static SendBatch OpenBatch() => throw new NotImplementedException();

    /// <summary>Closes every link, fails what is pending, stops listening. Idempotent.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
