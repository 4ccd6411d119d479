using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;

namespace Grid.Communication.Tcp;

/// <summary>
/// TLS above a non-blocking socket, with the manners of one: <see cref="Receive"/> and <see cref="Send"/> never wait, and say so when they would. Reading
/// belongs to the pipe's reader thread, which also runs whatever the platform continues inside TLS, so nothing needs the thread pool.
/// </summary>
internal sealed class TlsChannel : IDisposable
{
    private const int PlainBytes = 32 * 1024;

    /// <summary>What is encrypted at once, before the socket is asked to take it: bounds what waits encrypted.</summary>
    private const int SendBytesMax = 64 * 1024;

    private readonly TlsSocketStream _wire;
    private readonly SslStream _tls;
    private readonly Lock _sendGate = new();
    private readonly byte[] _plain = new byte[PlainBytes];
    private int _plainStart;
    private int _plainEnd;
    private ValueTask<int> _read;
    private bool _isReading;
    private bool _isDisposed; // Guarded by the gate of sending.

    /// <param name="wire">The encrypted side, its handshake done.</param>
    /// <param name="tls">On top of it; owned from now on.</param>
    /// <param name="peerName">What the peer's certificate says.</param>
    public TlsChannel(TlsSocketStream wire, SslStream tls, string peerName)
    {
        _wire = wire;
        _tls = tls;
        PeerName = peerName;
    }

    public string PeerName { get; }

    /// <summary>Whether reading has come to where only the socket can help; otherwise <see cref="Receive"/> has something without it.</summary>
    public bool WaitsForSocket => _isReading;

    /// <summary>As of a non-blocking socket; reader thread only.</summary>
    /// <exception cref="IOException">The bytes are not what the peer sent, or the connection broke.</exception>
    public int Receive(Span<byte> buffer, out SocketError error)
    {
        error = SocketError.Success;
        if (_plainStart == _plainEnd && !TryDecrypt())
        {
            error = SocketError.WouldBlock;
            return 0;
        }

        var count = Math.Min(buffer.Length, _plainEnd - _plainStart);
        _plain.AsSpan(_plainStart, count).CopyTo(buffer);
        _plainStart += count;
        return count;
    }

    /// <summary>As of a non-blocking socket. What was taken may still wait encrypted: see <see cref="TryDrain"/>.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public int Send(ReadOnlySpan<byte> bytes, out SocketError error)
    {
        lock (_sendGate)
        {
            error = DrainNeedsLock();
            if (error != SocketError.Success)
            {
                return 0;
            }

            var count = Math.Min(bytes.Length, SendBytesMax);
            _tls.Write(bytes[..count]);
            error = _wire.TryDrain();
            if (error == SocketError.WouldBlock)
            {
                error = SocketError.Success;
            }

            return error == SocketError.Success ? count : 0;
        }
    }

    /// <summary>Hands the socket what waits encrypted.</summary>
    /// <returns><see cref="SocketError.Success"/> when nothing is left.</returns>
    public SocketError TryDrain()
    {
        lock (_sendGate)
        {
            return DrainNeedsLock();
        }
    }

    /// <summary>Tells the peer that no more comes.</summary>
    /// <returns>Whether the socket took it.</returns>
    public bool TryEndSending()
    {
        lock (_sendGate)
        {
            if (_isDisposed)
            {
                return false;
            }

            // The stream below completes at once.
            _ = _tls.ShutdownAsync();
            return _wire.TryDrain() == SocketError.Success;
        }
    }

    /// <summary>Frees what TLS holds. On the reader thread when the pipe is closed, or before it has one.</summary>
    public void Dispose()
    {
        lock (_sendGate)
        {
            _isDisposed = true;
            _wire.Recycle();
            _tls.Dispose();
        }
    }

    private SocketError DrainNeedsLock() => _isDisposed ? SocketError.OperationAborted : _wire.TryDrain();

    // False when the socket has nothing for now; then the read stays under way.
    [SuppressMessage("Reliability", "CA2012", Justification = "The read is kept until it has completed and its result is taken once.")]
    private bool TryDecrypt()
    {
        if (!_isReading)
        {
            _read = _tls.ReadAsync(_plain);
            _isReading = true;
        }

        while (!_read.IsCompleted)
        {
            if (!_wire.Pump())
            {
                return false;
            }
        }

        _isReading = false;
        _plainStart = 0;
        _plainEnd = 0;
        _plainEnd = _read.GetAwaiter().GetResult();
        return true;
    }
}
