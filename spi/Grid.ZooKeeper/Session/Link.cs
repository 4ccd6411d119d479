using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Grid.ZooKeeper.Session;

/// <summary>
/// One connection to one server. One thread reads and one at a time writes, both blocking; any thread may abort, which ends both. TLS is
/// laid over the socket if asked for.
/// </summary>
internal sealed class Link : IDisposable
{
    private readonly Socket _socket;

    /// <summary>Set by the thread that connects before anybody else reads or writes.</summary>
    private SslStream? _tls;

    /// <summary>Set before anybody else reads or writes.</summary>
    private TimeSpan _writeMax = TimeSpan.MaxValue;
    private string? _abortReason;
    private bool _isPrepared;

    public Link(IPEndPoint endpoint, string host, long deadline)
    {
        Endpoint = endpoint;
        Host = host;
        Deadline = deadline;
        _socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    }

    public IPEndPoint Endpoint { get; }

    public string Host { get; }

    /// <summary>When connecting, encrypting and the session handshake must be done; timestamp of the client's clock.</summary>
    public long Deadline { get; }

    /// <summary>Whether the handshake is done. Written by the reading thread, read by the watch.</summary>
    public bool IsPrepared
    {
        get => Volatile.Read(ref _isPrepared);
        set => Volatile.Write(ref _isPrepared, value);
    }

    /// <summary>Why it was aborted from this side; <see langword="null"/> if it was not.</summary>
    public string? AbortReason => Volatile.Read(ref _abortReason);

    /// <summary>Whether the kernel takes a few bytes at once; no when the connection has ended here.</summary>
    public bool IsWritable
    {
        get
        {
            try
            {
                return _socket.Poll(0, SelectMode.SelectWrite);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    public void Connect(SslClientAuthenticationOptions? tls)
    {
        _socket.Connect(Endpoint);
        if (tls is null)
        {
            return;
        }

        _tls = new SslStream(new NetworkStream(_socket, ownsSocket: false));
        _tls.AuthenticateAsClient(TlsSettings.For(tls, Host));
    }

    /// <summary>Limits how long a write may block, so that a server that reads nothing any more does not keep the thread that watches the time. Called before anybody else writes.</summary>
    public void LimitWrites(TimeSpan limit)
    {
        _writeMax = limit;
        _socket.SendTimeout = (int)Math.Clamp(limit.TotalMilliseconds, 1, int.MaxValue);
    }

    /// <summary>Blocks until bytes come.</summary>
    /// <returns>How many; 0 when the server has closed the connection.</returns>
    public int Read(Span<byte> buffer) => _tls is null ? _socket.Receive(buffer) : _tls.Read(buffer);

    /// <summary>Blocks until the kernel has taken all bytes.</summary>
    /// <exception cref="IOException">It takes longer than a write may.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_tls is not null)
        {
            _tls.Write(bytes);
            return;
        }

        for (var start = 0L; bytes.Length > 0;)
        {
            bytes = bytes[_socket.Send(bytes)..];
            if (bytes.Length > 0)
            {
                // The socket counts each part by itself.
                start = start == 0 ? TimeProvider.System.GetTimestamp() : start;
                ThrowIfTooLong(start);
            }
        }
    }

    /// <summary>Ends the connection: blocked reads and writes return or throw. The first reason counts.</summary>
    public void Abort(string reason)
    {
        if (Interlocked.CompareExchange(ref _abortReason, reason, null) is null)
        {
            // Closing from another thread unblocks also a connect that is under way.
            _socket.Dispose();
        }
    }

    public void Dispose()
    {
        Abort("disposed");
        _tls?.Dispose();
    }

    private void ThrowIfTooLong(long start)
    {
        if (TimeProvider.System.GetElapsedTime(start) > _writeMax)
        {
            throw new IOException($"The server takes what is sent too slowly: a write took more than {_writeMax.TotalSeconds:0.###} s.");
        }
    }
}
