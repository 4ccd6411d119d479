using System.Net;
using System.Net.Sockets;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Communication.Tcp;

/// <summary>A listening socket and the thread that accepts from it while somebody waits for a pipe.</summary>
internal sealed class TcpAcceptor : IDisposable
{
    private readonly Socket _listener;
    private readonly Func<Socket, TcpPipe?> _admit;
    private readonly TlsDoor? _tls;
    private readonly ILogger _logger;
    private readonly PendingOperation<ICommunicationPipe?> _accept;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private TcpPipe? _held;
    private bool _isDisposed;

    /// <param name="listener">Bound and listening; owned from now on.</param>
    /// <param name="admit">Makes a pipe of an accepted socket, or refuses and closes it.</param>
    /// <param name="tls">Makes the handshakes of TLS, or <see langword="null"/> for plain connections.</param>
    /// <param name="logger">Where the log goes.</param>
    public TcpAcceptor(Socket listener, Func<Socket, TcpPipe?> admit, TlsDoor? tls, ILogger logger)
    {
        _listener = listener;
        _admit = admit;
        _tls = tls;
        _logger = logger;
        LocalEndpoint = (IPEndPoint)listener.LocalEndPoint!;
        _accept = new PendingOperation<ICommunicationPipe?>(Wake, () => null);
        _thread = new Thread(Run) { IsBackground = true, Name = $"grid tcp accept {LocalEndpoint}" };
    }

    public IPEndPoint LocalEndpoint { get; }

    public void Start() => _thread.Start();

    public ValueTask<ICommunicationPipe?> AcceptAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return _accept.Begin(ct);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Monitor.PulseAll(_gate);
        }

        _listener.Dispose();
    }

    private void Run()
    {
        while (WaitForDemand(out var isDisposed))
        {
            var pipe = isDisposed ? null : _held ?? AcceptOne();
            _held = null;
            if (pipe is null && !IsDisposed())
            {
                continue;
            }

            if (_accept.TryClaim())
            {
                _accept.Complete(pipe, null);
            }
            else
            {
                // Whoever waited gave up meanwhile: the next one gets it.
                _held = pipe;
            }
        }

        _held?.Abort();
    }

    private TcpPipe? AcceptOne()
    {
        try
        {
            var pipe = _admit(_listener.Accept());
            if (pipe is not null && _tls is not null)
            {
                _tls.Begin(pipe, HandOver);
                return null;
            }

            pipe?.StartReader();
            return pipe;
        }
        catch (SocketException error)
        {
            if (!IsDisposed())
            {
                TcpLog.AcceptFailed(_logger, LocalEndpoint.ToString(), error.SocketErrorCode);
                PauseAfterFailure();
            }

            return null;
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    // Waits, on the pipe's own thread, until somebody wants a pipe. The number of handshakes bounds how many wait here.
    private void HandOver(TcpPipe pipe)
    {
        lock (_gate)
        {
            while (!_accept.TryClaim())
            {
                if (_isDisposed)
                {
                    pipe.Abort();
                    return;
                }

                Monitor.Wait(_gate);
            }
        }

        _accept.Complete(pipe, null);
    }

    // A listener that is out of file descriptors fails at once, again and again.
    private void PauseAfterFailure()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private bool WaitForDemand(out bool isDisposed)
    {
        lock (_gate)
        {
            while (!_accept.IsArmed && !_isDisposed)
            {
                Monitor.Wait(_gate);
            }

            isDisposed = _isDisposed;
            return _accept.IsArmed;
        }
    }

    private bool IsDisposed()
    {
        lock (_gate)
        {
            return _isDisposed;
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }
}
