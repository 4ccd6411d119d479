using System.Diagnostics.Metrics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Communication.Tcp;

/// <summary>
/// Carries bytes over TCP. Each pipe has a thread that receives straight into the buffer the consumer parses and runs the consumer's continuation; sends
/// happen on the thread that flushes. The shared thread pool is not used for any of it. The measurements behind that are in this folder's README.
/// </summary>
public sealed class TcpCommunication : ICommunicationSpi
{
    private readonly TcpCommunicationOptions _options;
    private readonly ILogger _logger;
    private readonly SpinBudget _spin;
    private readonly TcpDoor _door;
    private readonly TlsIdentity? _identity;
    private readonly TlsHandshake? _handshake;
    private readonly Lock _gate = new();
    private readonly HashSet<TcpPipe> _pipes = [];
    private TcpAcceptor? _acceptor;
    private int _connecting;
    private bool _isDisposed;

    /// <summary>Makes a provider; nothing is bound before <see cref="ListenAsync"/>.</summary>
    /// <param name="options">Where to listen, and limits.</param>
    /// <param name="logger">Where the log goes.</param>
    /// <param name="time">The clock that bounds spinning and handshakes; by default the system's.</param>
    /// <param name="meters">Where the metrics go, or <see langword="null"/> for nowhere.</param>
    /// <exception cref="GridConfigurationException">An option cannot be used; the message lists all that cannot.</exception>
    public TcpCommunication(TcpCommunicationOptions options, ILogger<TcpCommunication> logger, TimeProvider? time = null, IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        time ??= TimeProvider.System;
        List<string> problems = [.. options.Validate(), .. options.Tls?.Validate(time.GetUtcNow()) ?? []];
        if (problems.Count == 0 && options.Tls is { } tls && (_identity = TlsIdentity.Load(tls, time.GetUtcNow(), problems)) is { } identity)
        {
            _handshake = new TlsHandshake(identity, tls.HandshakeTimeout, time);
        }

        if (problems.Count > 0)
        {
            throw new GridConfigurationException(problems);
        }

        _options = options;
        _logger = logger;
        _spin = new SpinBudget(Environment.ProcessorCount, options.Spin, time);
        _door = new TcpDoor(logger, time, new TcpMetrics(meters));
    }

    /// <summary>How many pipes are open.</summary>
    public int OpenPipes
    {
        get
        {
            lock (_gate)
            {
                return _pipes.Count;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NodeEndpoint>> ListenAsync(CancellationToken ct)
    {
        var tls = _handshake is null ? null : new TlsDoor(_handshake, _options.Tls!.HandshakesMax, _door);
        var acceptor = new TcpAcceptor(await BindAsync(ct).ConfigureAwait(false), Admit, tls, _logger);
        lock (_gate)
        {
            if (_isDisposed || _acceptor is not null)
            {
                acceptor.Dispose();
                throw new InvalidOperationException("The provider is disposed or listens already: listen once.");
            }

            _acceptor = acceptor;
        }

        acceptor.Start();
        var advertised = Advertised(acceptor.LocalEndpoint);
        TcpLog.Listening(_logger, acceptor.LocalEndpoint, advertised[0]);
        return advertised;
    }

    /// <inheritdoc/>
    public ValueTask<ICommunicationPipe?> AcceptAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return ValueTask.FromResult<ICommunicationPipe?>(null);
            }
        }

        return (_acceptor ?? throw new InvalidOperationException($"Call {nameof(ListenAsync)} before {nameof(AcceptAsync)}.")).AcceptAsync(ct);
    }

    /// <inheritdoc/>
    public ValueTask<ICommunicationPipe> ConnectAsync(NodeEndpoint endpoint, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ICommunicationPipe>(ct);
        }

        lock (_gate)
        {
            if (_isDisposed || _pipes.Count + _connecting >= _options.PipesMax)
            {
                return ValueTask.FromException<ICommunicationPipe>(new CommunicationException(_isDisposed
                    ? $"Cannot connect to {endpoint}: the provider is disposed."
                    : $"Cannot connect to {endpoint}: {_options.PipesMax} pipes are open; raise {nameof(TcpCommunicationOptions.PipesMax)}."));
            }

            _connecting++;
        }

        return new TcpConnector(endpoint, AdmitConnected, _handshake).ConnectAsync(ct);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        TcpPipe[] pipes;
        TcpAcceptor? acceptor;
        lock (_gate)
        {
            _isDisposed = true;
            pipes = [.. _pipes];
            acceptor = _acceptor;
        }

        acceptor?.Dispose();
        foreach (var pipe in pipes)
        {
            pipe.Abort();
        }

        _identity?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<IPAddress> ResolveAsync(string host, CancellationToken ct)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return address;
        }

        var addresses = await Dns.GetHostAddressesAsync(host, ct).ConfigureAwait(false);
        return addresses.Length > 0 ? addresses[0] : throw new SocketException((int)SocketError.HostNotFound);
    }

    private async Task<Socket> BindAsync(CancellationToken ct)
    {
        try
        {
            return Bind(await ResolveAsync(_options.Listen.Host, ct).ConfigureAwait(false));
        }
        catch (SocketException error)
        {
            throw new CommunicationException(
                $"Cannot listen at {_options.Listen}: {error.SocketErrorCode}. Choose an address of this machine and a free port, or port 0 for any.", error);
        }
    }

    private Socket Bind(IPAddress address)
    {
        if (_options.IsLoopbackOnly && !IPAddress.IsLoopback(address))
        {
            throw new CommunicationException(
                $"Refused to listen at {_options.Listen} ({address}): it can be reached from other machines and nothing keeps strangers out. "
                + "Set Security:ClusterSecret, or Security:Certificate and Security:TrustedRoot, on every node, or listen on 127.0.0.1.");
        }

        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, _options.Listen.Port));
            socket.Listen(_options.Backlog);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private List<NodeEndpoint> Advertised(IPEndPoint local)
    {
        if (_options.Advertise is { } advertise)
        {
            return [advertise.Port == 0 ? advertise with { Port = local.Port } : advertise];
        }

        if (!local.Address.Equals(IPAddress.Any) && !local.Address.Equals(IPAddress.IPv6Any))
        {
            return [new NodeEndpoint(local.Address.ToString(), local.Port)];
        }

        var addresses = NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address))
            .Where(address => !address.IsIPv6LinkLocal && (local.AddressFamily == AddressFamily.InterNetworkV6 || address.AddressFamily == AddressFamily.InterNetwork))
            .OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
            .Select(address => new NodeEndpoint(address.ToString(), local.Port))
            .ToList();
        return addresses.Count > 0 ? addresses : [new NodeEndpoint(IPAddress.Loopback.ToString(), local.Port)];
    }

    // Null: refused, and the socket closed.
    private TcpPipe? Admit(Socket socket)
    {
        try
        {
            return Register(socket);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The peer left between the handshake of TCP and here.
            return null;
        }
    }

    private TcpPipe? AdmitConnected(Socket? socket)
    {
        lock (_gate)
        {
            _connecting--;
        }

        return socket is null ? null : Register(socket);
    }

    private TcpPipe? Register(Socket socket)
    {
        TcpPipe pipe;
        try
        {
            pipe = new TcpPipe(socket, _options, _spin, Remove);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        lock (_gate)
        {
            if (!_isDisposed && _pipes.Count + _connecting < _options.PipesMax)
            {
                _pipes.Add(pipe);
                return pipe;
            }
        }

        _door.RefuseForPipes(pipe, _options.PipesMax);
        return null;
    }

    private void Remove(TcpPipe pipe)
    {
        lock (_gate)
        {
            _pipes.Remove(pipe);
        }
    }
}
