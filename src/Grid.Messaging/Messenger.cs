using Grid.Messaging.Links;
using Grid.Spi;

namespace Grid.Messaging;

/// <summary>
/// The messaging of one node: it owns the links to all peers, one per peer, over the pipes of a communication provider. Life-cycle: construct,
/// register handlers, optionally <see cref="ListenAsync"/>, <see cref="Start"/>, dispose. All members are thread-safe and none blocks.
/// </summary>
public sealed class Messenger : IAsyncDisposable
{
    private readonly MessengerContext _context;
    private readonly PeerTable _peers;
    private readonly HandshakeAttempts _attempts;
    private readonly Lock _gate = new();
    private bool _isListening;
    private bool _isStarted;
    private bool _isDisposed;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Makes a messenger; nothing happens before <see cref="ListenAsync"/> or <see cref="Start"/>.</summary>
    /// <param name="options">Limits and times.</param>
    /// <param name="communication">The provider of pipes; the messenger disposes it.</param>
    /// <param name="services">Clock, chance, log and metrics.</param>
    /// <exception cref="GridConfigurationException">An option is out of range; the message lists all that are.</exception>
    public Messenger(MessengerOptions options, ICommunicationSpi communication, MessengerServices services)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(communication);
        ArgumentNullException.ThrowIfNull(services);
        if (options.Validate() is { Count: > 0 } problems)
        {
            throw new GridConfigurationException(problems);
        }

        _context = new MessengerContext(options, communication, services);
        _peers = new PeerTable(_context);
        _attempts = new HandshakeAttempts(_context.Time, options.HandshakeTimeout, options.UnauthenticatedPipesMax);
        _context.Dialer = new Dialer(_context, _attempts);
        _context.Metrics.ObserveQueues(() => _peers.All.Sum(peer => peer.Outbox.QueuedBytes));
    }

    /// <summary>Told about links going up and down; set before <see cref="Start"/>.</summary>
    public ILinkObserver? Observer
    {
        get => _context.Observer;
        set => _context.Observer = value;
    }

    /// <summary>All peers at this moment, those without a link too.</summary>
    public IEnumerable<Peer> Peers => _peers.All;

    /// <summary>What was exchanged with all peers so far.</summary>
    public TrafficCounts Traffic => _context.Metrics.Traffic;

    /// <summary>Binds the listener. Pipes are accepted only after <see cref="Start"/>.</summary>
    /// <param name="ct">Gives up.</param>
    /// <returns>The addresses to advertise.</returns>
    /// <exception cref="CommunicationException">The address cannot be bound.</exception>
    public async Task<IReadOnlyList<NodeEndpoint>> ListenAsync(CancellationToken ct)
    {
        var endpoints = await _context.Communication.ListenAsync(ct).ConfigureAwait(false);
        lock (_gate)
        {
            _isListening = true;
        }

        return endpoints;
    }

    /// <summary>Registers the one handler of a kind of request and one-way message; before <see cref="Start"/>.</summary>
    /// <param name="kind">1 to 255.</param>
    /// <param name="handler">Called for each message of the kind.</param>
    public void Handle(byte kind, IMessageHandler handler) => Register(_context.Handlers, kind, handler);

    /// <summary>Registers the one handler of a kind of stream; before <see cref="Start"/>. Kinds of streams and of messages are apart.</summary>
    /// <param name="kind">1 to 255.</param>
    /// <param name="handler">Called for each stream that a peer opens.</param>
    public void HandleStreams(byte kind, IStreamHandler handler) => Register(_context.StreamHandlers, kind, handler);

    /// <summary>Begins to accept and to connect, as this node.</summary>
    /// <param name="local">Who the node is.</param>
    /// <exception cref="InvalidOperationException">Started already, or disposed.</exception>
    public void Start(LocalPeer local)
    {
        ArgumentNullException.ThrowIfNull(local);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            ThrowIfStartedNeedsLock();
            _isStarted = true;
            _context.Local = local;
            _context.Thread.Start(Tick);
        }

        if (_isListening)
        {
            _accepting = new Acceptor(_context, _attempts, _peers).RunAsync();
        }
    }

    /// <summary>Changes who the node is after it lost its membership and joined again: every link is closed, later handshakes carry the new incarnation.</summary>
    /// <param name="local">The new record.</param>
    public void Rejoin(NodeInfo local)
    {
        ArgumentNullException.ThrowIfNull(local);
        var former = _context.Local ?? throw NotStarted();
        _context.Local = former with { Node = local };
        _ = _attempts.ExpireAll();
        var reason = MessengerContext.Rejoined();
        foreach (var peer in _peers.All)
        {
            peer.Outbox.FailAll(reason, FailureScope.Link);
        }
    }

    /// <summary>The peer for a node. One instance per <see cref="NodeKey"/>; it connects when first used.</summary>
    /// <param name="node">The record, with the endpoints to dial; a newer record of the same key replaces the older one's.</param>
    /// <exception cref="CommunicationException">There are <see cref="MessengerOptions.PeersMax"/> peers, or the messenger is disposed.</exception>
    /// <exception cref="InvalidOperationException">Not started.</exception>
    public Peer GetPeer(NodeInfo node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (_context.Local is null)
        {
            throw NotStarted();
        }

        return _isDisposed ? throw Disposed() : _peers.GetOrAdd(node);
    }

    /// <summary>The peer of that key, if there is one: made by <see cref="GetPeer"/>, or known by a link that it opened.</summary>
    /// <param name="key">The node and its incarnation.</param>
    public Peer? FindPeer(NodeKey key) => _peers.Find(key);

    /// <summary>Forgets a peer that has left: its link is closed and what is pending fails.</summary>
    /// <param name="key">The node and its incarnation.</param>
    public void Forget(NodeKey key)
    {
        if (_peers.Remove(key) is { } peer)
        {
            peer.Outbox.FailAll(new CommunicationException($"{peer.Node} has left the cluster.") { MayHaveBeenDelivered = true }, FailureScope.Peer);
        }
    }

    /// <summary>
    /// Until the result is disposed, what this thread sends is collected and leaves in as few writes as possible. For a thread that sends several
    /// messages in a row; I/O threads do it for what handlers send. Dispose it on the same thread, soon, and never across an await.
    /// </summary>
    public static SendBatch OpenBatch()
    {
        BatchOfThread.Open();
        return new SendBatch(isOpen: true);
    }

    /// <summary>
    /// Has this thread do something at the end of the batch it has open, as link threads have one for each read: for work that costs less for many messages together than for each.
    /// Must not throw.
    /// </summary>
    /// <param name="work">Called once, on this thread, before what the batch has collected is sent.</param>
    /// <returns>False when no batch is open: then it is the caller's to do.</returns>
    public static bool TryDefer(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return BatchOfThread.TryDefer(work);
    }

    /// <summary>Closes every link, fails what is pending, stops listening. Idempotent; do not await it on an I/O thread.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        await _context.Communication.DisposeAsync().ConfigureAwait(false);
        await _attempts.ExpireAll().ConfigureAwait(false);
        var ends = new List<Task> { _accepting };
        foreach (var peer in _peers.All)
        {
            ends.Add(peer.Outbox.Link?.Completion ?? Task.CompletedTask);
            peer.Outbox.FailAll(Disposed(), FailureScope.Peer);
        }

        await Task.WhenAll(ends).ConfigureAwait(false);
        _context.Thread.Dispose();
    }

    private static InvalidOperationException NotStarted() => new($"The messenger is not started; call {nameof(Start)} first.");

    private static CommunicationException Disposed() => new("The messenger of this node is disposed: the node is stopping.") { MayHaveBeenDelivered = true };

    private void Tick()
    {
        var now = _context.Time.GetTimestamp();
        _attempts.Tick(now);
        foreach (var peer in _peers.All)
        {
            if (peer.Outbox.Connection.Tick(now))
            {
                Forget(peer.Node.Key);
            }
        }

        _context.Observer?.OnTick();
    }

    private void Register<THandler>(THandler?[] handlers, byte kind, THandler handler)
        where THandler : class
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfZero(kind);
        lock (_gate)
        {
            ThrowIfStartedNeedsLock();
            if (handlers[kind] is not null)
            {
                throw new ArgumentException($"Kind {kind} has a handler already; each kind has one.", nameof(kind));
            }

            handlers[kind] = handler;
        }
    }

    private void ThrowIfStartedNeedsLock()
    {
        if (_isStarted)
        {
            throw new InvalidOperationException("The messenger has been started: handlers are registered before, and it starts once.");
        }
    }
}
