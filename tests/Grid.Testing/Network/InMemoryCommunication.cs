using Grid.Spi;

namespace Grid.Testing.Network;

/// <summary>The provider of one host of an <see cref="InMemoryNetwork"/>.</summary>
internal sealed class InMemoryCommunication(InMemoryNetwork network, string host, bool isLoopback) : ICommunicationSpi
{
    private readonly Lock _gate = new();
    private readonly Queue<InMemoryPipe> _backlog = new();
    private readonly List<InMemoryPipe> _pipes = [];
    private NetworkCompletion<ICommunicationPipe?>? _accept;
    private bool _isDisposed;

    public Task<IReadOnlyList<NodeEndpoint>> ListenAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<NodeEndpoint>>([network.Listen(this, host)]);
    }

    public ValueTask<ICommunicationPipe?> AcceptAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        NetworkCompletion<ICommunicationPipe?> accept;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return ValueTask.FromResult<ICommunicationPipe?>(null);
            }

            if (_backlog.TryDequeue(out var waiting))
            {
                return ValueTask.FromResult<ICommunicationPipe?>(waiting);
            }

            _accept = accept = new NetworkCompletion<ICommunicationPipe?>(network.Thread);
        }

        // A token that outlives the accept finds it done.
        ct.UnsafeRegister(_ => CancelAccept(accept, ct), null);
        return accept.Task;
    }

    public ValueTask<ICommunicationPipe> ConnectAsync(NodeEndpoint endpoint, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ICommunicationPipe>(ct);
        }

        var connected = new NetworkCompletion<ICommunicationPipe>(network.Thread);
        ct.UnsafeRegister(_ => connected.TrySetCanceled(ct), null);

        // There and back, as a TCP handshake does: a partition in either direction leaves the dialer waiting.
        network.Travel(host, endpoint.Host, () => network.Travel(endpoint.Host, host, () => Connect(endpoint, connected)));
        return connected.Task;
    }

    public ValueTask DisposeAsync()
    {
        InMemoryPipe[] pipes;
        NetworkCompletion<ICommunicationPipe?>? accept;
        lock (_gate)
        {
            _isDisposed = true;
            pipes = [.. _pipes, .. _backlog];
            accept = _accept;
            _accept = null;
        }

        network.StopListening(this);
        if (accept is not null)
        {
            accept.TrySetResult(null);
        }

        Array.ForEach(pipes, pipe => pipe.Abort());
        return ValueTask.CompletedTask;
    }

    private void Connect(NodeEndpoint endpoint, NetworkCompletion<ICommunicationPipe> connected)
    {
        if (connected.IsDone)
        {
            return;
        }

        if (network.DrawsConnectFailure() || network.FindListener(endpoint) is not { } listener)
        {
            connected.TrySetException(new CommunicationException($"Cannot connect to {endpoint}: nobody listens there, or the in-memory network lost the attempt."));
            return;
        }

        var connection = new InMemoryConnection(network, host, endpoint.Host, isLoopback);
        if (!TryAdd(connection.DialerPipe) || !listener.TryAdd(connection.ListenerPipe))
        {
            connection.Break("The provider of one end is disposed.");
            connected.TrySetException(new CommunicationException($"Cannot connect to {endpoint}: the provider is disposed."));
            return;
        }

        listener.Offer(connection.ListenerPipe);
        if (!connected.TrySetResult(connection.DialerPipe))
        {
            connection.DialerPipe.Abort();
        }
    }

    private bool TryAdd(InMemoryPipe pipe)
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _pipes.Add(pipe);
            }

            return !_isDisposed;
        }
    }

    private void Offer(InMemoryPipe pipe)
    {
        NetworkCompletion<ICommunicationPipe?>? accept;
        lock (_gate)
        {
            accept = _accept;
            _accept = null;
            if (accept is null)
            {
                _backlog.Enqueue(pipe);
                return;
            }
        }

        if (!accept.TrySetResult(pipe))
        {
            // Whoever waited gave up meanwhile.
            Offer(pipe);
        }
    }

    private void CancelAccept(NetworkCompletion<ICommunicationPipe?> accept, CancellationToken ct)
    {
        lock (_gate)
        {
            _accept = _accept == accept ? null : _accept;
        }

        accept.TrySetCanceled(ct);
    }
}
