using System.Net;
using System.Net.Sockets;
using Grid.Spi;

namespace Grid.Communication.Tcp;

/// <summary>One attempt to connect, on the thread that becomes the reader of the pipe: connecting needs no thread pool, and no hand-over.</summary>
internal sealed class TcpConnector
{
    private readonly NodeEndpoint _endpoint;
    private readonly Func<Socket?, TcpPipe?> _admit;
    private readonly TlsHandshake? _handshake;
    private readonly PendingOperation<ICommunicationPipe> _connect;
    private readonly object _gate = new();
    private Socket? _socket;
    private bool _isGivenUp;

    /// <param name="endpoint">Where to.</param>
    /// <param name="admit">Called exactly once: with the connected socket, to make the pipe or refuse it, or with <see langword="null"/>.</param>
    /// <param name="handshake">Makes the connection's TLS, or <see langword="null"/> for a plain one.</param>
    public TcpConnector(NodeEndpoint endpoint, Func<Socket?, TcpPipe?> admit, TlsHandshake? handshake)
    {
        _endpoint = endpoint;
        _admit = admit;
        _handshake = handshake;
        _connect = new PendingOperation<ICommunicationPipe>(Wake, () => throw new InvalidOperationException("A connect is cancelled by its token only."));
    }

    public ValueTask<ICommunicationPipe> ConnectAsync(CancellationToken ct)
    {
        var pending = _connect.Begin(ct);
        new Thread(() => Run(ct)) { IsBackground = true, Name = $"grid tcp {_endpoint}" }.Start();
        return pending;
    }

    private void Run(CancellationToken ct)
    {
        Exception? error = null;
        TcpPipe? pipe = null;
        using (ct.UnsafeRegister(static state => ((TcpConnector)state!).GiveUp(), this))
        {
            try
            {
                pipe = _admit(Connect()) ?? throw new SocketException((int)SocketError.TooManyOpenSockets);
                if (_handshake is not null)
                {
                    pipe.Secure(_handshake.Dial(pipe, _endpoint.Host));
                }
            }
            catch (Exception cause) when (cause is SocketException or ObjectDisposedException or ArgumentException or TlsRefusedException)
            {
                pipe?.Abort();

                // Giving up closes the socket, which may be noticed here before the token's own callback has ended the operation.
                error = ct.IsCancellationRequested ? new OperationCanceledException(ct) : Explain(cause);
            }
        }

        if (WaitForAwaiter())
        {
            _connect.Complete(error is null ? pipe : null, error);
        }
        else
        {
            pipe?.Abort();
        }

        // Also of a pipe that is closed already: it frees what the pipe holds.
        pipe?.RunReader();
    }

    private GridException Explain(Exception cause) => cause switch
    {
        TlsRefusedException { Refusal: TlsRefusal.Certificate } => new AuthenticationException(
            $"Cannot connect to {_endpoint}: {cause.Message}. Its certificate must be issued under the file that Security:TrustedRoot names here.", cause),
        TlsRefusedException => new CommunicationException(
            $"Cannot connect to {_endpoint}: {cause.Message} Is it a node with Security:Certificate, issued under the same root, and does it accept this node's certificate?", cause),
        _ => new CommunicationException(
            $"Cannot connect to {_endpoint}: {(cause as SocketException)?.SocketErrorCode.ToString() ?? cause.Message}. Is the node up, and is the address reachable from here?", cause),
    };

    private Socket Connect()
    {
        SocketException? last = null;
        try
        {
            foreach (var address in IPAddress.TryParse(_endpoint.Host, out var literal) ? [literal] : Dns.GetHostAddresses(_endpoint.Host))
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    Watch(socket);
                    socket.Connect(new IPEndPoint(address, _endpoint.Port));
                    return socket;
                }
                catch (SocketException error)
                {
                    last = error;
                    socket.Dispose();
                }
            }

            throw last ?? new SocketException((int)SocketError.HostNotFound);
        }
        catch
        {
            _admit(null);
            throw;
        }
    }

    private void Watch(Socket socket)
    {
        lock (_gate)
        {
            if (!_isGivenUp)
            {
                _socket = socket;
                return;
            }
        }

        socket.Dispose();
    }

    private void GiveUp()
    {
        lock (_gate)
        {
            _isGivenUp = true;
            _socket?.Dispose();
            Monitor.Pulse(_gate);
        }
    }

    // False when the attempt was given up: the awaiter has been told.
    private bool WaitForAwaiter()
    {
        lock (_gate)
        {
            while (!_connect.TryClaim())
            {
                if (_isGivenUp && !_connect.IsPending)
                {
                    return false;
                }

                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(100));
            }
        }

        return true;
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.Pulse(_gate);
        }
    }
}
