using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Grid.Spi;

namespace Grid.Communication.Tcp;

/// <summary>
/// One connection: a non-blocking socket, a reader with its thread, a writer whose thread is started when the socket first refuses bytes. Both threads
/// end when the pipe is aborted or disposed.
/// </summary>
internal sealed class TcpPipe : ICommunicationPipe
{
    private readonly Socket _socket;
    private readonly TcpPipeReader _reader;
    private readonly TcpPipeWriter _writer;
    private readonly Action<TcpPipe> _closed;
    private readonly object _readerGate = new();
    private readonly object _writerGate = new();
    private TlsChannel? _tls; // Set before the pipe is handed out.
    private Thread? _readerThread;
    private Thread? _writerThread;
    private CommunicationException? _error;
    private int _isClosed;

    /// <param name="socket">Connected; the pipe owns it from now on.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="spin">Shared by all pipes of the provider.</param>
    /// <param name="closed">Told once, when the pipe closes.</param>
    public TcpPipe(Socket socket, TcpCommunicationOptions options, SpinBudget spin, Action<TcpPipe> closed)
    {
        _socket = socket;
        _closed = closed;
        socket.NoDelay = true;
        socket.Blocking = false;
        var remote = (IPEndPoint)socket.RemoteEndPoint!;
        RemoteEndpoint = remote.ToString();
        IsLoopback = IPAddress.IsLoopback(Unmapped(remote.Address));
        _reader = new TcpPipeReader(this, options, spin);
        _writer = new TcpPipeWriter(this);
    }

    public PipeReader Input => _reader;

    public PipeWriter Output => _writer;

    public string RemoteEndpoint { get; }

    public bool IsLoopback { get; }

    public string? PeerCertificateName => _tls?.PeerName;

    /// <summary>Why the pipe is broken, or <see langword="null"/> while it is not. Written once, by whoever finds out first.</summary>
    public CommunicationException? Error => Volatile.Read(ref _error);

    /// <summary>Has everything encrypted from here on.</summary>
    /// <param name="tls">Made of this pipe's socket; owned from now on.</param>
    public void Secure(TlsChannel tls) => _tls = tls;

    /// <summary>Serves reads on the calling thread until the pipe closes.</summary>
    public void RunReader()
    {
        _readerThread = Thread.CurrentThread;
        while (WaitForWork(_readerGate, isReader: true))
        {
            _reader.Serve();
        }

        _tls?.Dispose();
    }

    /// <summary>Serves reads on a new thread until the pipe closes.</summary>
    public void StartReader()
    {
        _readerThread = new Thread(RunReader) { IsBackground = true, Name = $"grid tcp read {RemoteEndpoint}" };
        _readerThread.Start();
    }

    public void WakeReader()
    {
        if (Thread.CurrentThread != _readerThread)
        {
            Pulse(_readerGate);
        }
    }

    public void WakeWriter()
    {
        lock (_writerGate)
        {
            if (_writerThread is null)
            {
                _writerThread = new Thread(RunWriter) { IsBackground = true, Name = $"grid tcp write {RemoteEndpoint}" };
                _writerThread.Start();
            }

            Monitor.Pulse(_writerGate);
        }
    }

    /// <summary>Receives plain bytes without waiting.</summary>
    public int Receive(Span<byte> buffer, out SocketError error)
    {
        if (_tls is null)
        {
            return ReceiveRaw(buffer, out error);
        }

        try
        {
            return _tls.Receive(buffer, out error);
        }
        catch (Exception cause) // Whatever a peer's bytes make the platform throw.
        {
            error = BreakTls("receiving", cause);
            return 0;
        }
    }

    /// <summary>Sends plain bytes without waiting; with TLS some may still have to be drained.</summary>
    public int Send(ReadOnlySpan<byte> bytes, out SocketError error)
    {
        if (_tls is null)
        {
            return SendRaw(bytes, out error);
        }

        try
        {
            return _tls.Send(bytes, out error);
        }
        catch (Exception cause) // Whatever a peer's bytes make the platform throw.
        {
            error = BreakTls("sending", cause);
            return 0;
        }
    }

    /// <summary>Sends the plain bytes of several arrays in one call, without waiting; with TLS those of the first.</summary>
    public int Send(ArraySegment<byte>[] parts, out SocketError error)
    {
        if (_tls is not null)
        {
            return Send(parts[0], out error);
        }

        try
        {
            return _socket.Send(parts, SocketFlags.None, out error);
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.OperationAborted;
            return 0;
        }
    }

    /// <summary>Hands the system what TLS has taken and the socket has not.</summary>
    public SocketError Drain() => _tls?.TryDrain() ?? SocketError.Success;

    public int ReceiveRaw(Span<byte> buffer, out SocketError error)
    {
        try
        {
            return _socket.Receive(buffer, SocketFlags.None, out error);
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.OperationAborted;
            return 0;
        }
    }

    public int SendRaw(ReadOnlySpan<byte> bytes, out SocketError error)
    {
        try
        {
            return _socket.Send(bytes, SocketFlags.None, out error);
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.OperationAborted;
            return 0;
        }
    }

    public void WaitReadable()
    {
        if (_tls is null or { WaitsForSocket: true })
        {
            Wait(SelectMode.SelectRead);
        }
    }

    public void WaitWritable() => Wait(SelectMode.SelectWrite);

    /// <summary>Waits for the socket; it is ready as well when the connection has ended.</summary>
    /// <returns>Whether it is ready; <see langword="false"/> when the time is over.</returns>
    public bool WaitRaw(TimeSpan timeLimit, SelectMode mode)
    {
        try
        {
            return _socket.Poll(timeLimit, mode);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return true; // The receive or send that follows reports it.
        }
    }

    public void ShutdownSend()
    {
        if (_tls is { } tls && !tls.TryEndSending())
        {
            Abort();
            return;
        }

        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The connection is gone already, which tells the peer the same.
        }
    }

    /// <summary>Records that the socket failed.</summary>
    /// <returns>What to throw: the first reason why the pipe broke.</returns>
    public CommunicationException Break(string doing, SocketError error)
    {
        var exception = new CommunicationException(
            $"The TCP connection to {RemoteEndpoint} broke while {doing}: {error}. The peer closed it, died, or cannot be reached any more.",
            new SocketException((int)error))
        { MayHaveBeenDelivered = true };
        return Interlocked.CompareExchange(ref _error, exception, null) ?? exception;
    }

    public void Abort()
    {
        var reason = new CommunicationException($"The TCP connection to {RemoteEndpoint} was aborted by this node.") { MayHaveBeenDelivered = true };
        Interlocked.CompareExchange(ref _error, reason, null);
        Close(isAbortive: true);
    }

    public ValueTask DisposeAsync()
    {
        var reason = new CommunicationException($"The TCP connection to {RemoteEndpoint} was disposed by this node.") { MayHaveBeenDelivered = true };
        Interlocked.CompareExchange(ref _error, reason, null);
        Close(isAbortive: false);
        return ValueTask.CompletedTask;
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static void Pulse(object gate)
    {
        lock (gate)
        {
            Monitor.Pulse(gate);
        }
    }

    // Says what broke; whoever receives or sends looks at Error first.
    private SocketError BreakTls(string doing, Exception cause)
    {
        var exception = new CommunicationException(
            $"The TLS connection to {RemoteEndpoint} broke while {doing}: {cause.Message} The peer closed it, refused this node's certificate, died, or somebody altered bytes on the way.",
            cause)
        { MayHaveBeenDelivered = true };
        Interlocked.CompareExchange(ref _error, exception, null);
        return SocketError.ConnectionAborted;
    }

    private void RunWriter()
    {
        while (WaitForWork(_writerGate, isReader: false))
        {
            _writer.Serve();
        }
    }

    // An operation that is armed is served even on a closed pipe: it ends with the pipe's error.
    private bool WaitForWork(object gate, bool isReader)
    {
        if (IsArmed(isReader))
        {
            return true;
        }

        lock (gate)
        {
            while (!IsArmed(isReader))
            {
                if (Volatile.Read(ref _isClosed) != 0)
                {
                    return false;
                }

                Monitor.Wait(gate);
            }
        }

        return true;
    }

    private bool IsArmed(bool isReader) => isReader ? _reader.IsArmed : _writer.IsArmed;

    private void Wait(SelectMode mode)
    {
        try
        {
            _socket.Poll(-1, mode);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The receive or send that follows reports it.
        }
    }

    private void Close(bool isAbortive)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        try
        {
            if (isAbortive)
            {
                _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }

            // Wakes both threads from the system; closing alone does not on every platform.
            _socket.Shutdown(isAbortive ? SocketShutdown.Both : SocketShutdown.Receive);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Not connected any more: there is nothing to wake.
        }

        _socket.Dispose();
        Pulse(_readerGate);
        Pulse(_writerGate);
        _closed(this);
    }
}
