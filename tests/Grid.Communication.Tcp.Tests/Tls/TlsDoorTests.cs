using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grid.Spi;

namespace Grid.Communication.Tcp.Tests;

/// <summary>Who gets no pipe where certificates are required, on real sockets.</summary>
[Trait("Lane", "loopback")]
public sealed class TlsDoorTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly TestAuthority _authority = new();
    private readonly RecordedLog _log = new();
    private readonly RefusalCounter _refusals = new("grid.communication.refused");
    private readonly TcpCommunication _listener;
    private NodeEndpoint _endpoint = new("", 0);
    private Task<ICommunicationPipe?> _accept = Task.FromResult<ICommunicationPipe?>(null);

    public TlsDoorTests() => _listener = Create(_authority, _authority.IssuePem("listener.example"));

    public async Task InitializeAsync()
    {
        _endpoint = (await _listener.ListenAsync(CancellationToken.None))[0];
        _accept = _listener.AcceptAsync(CancellationToken.None).AsTask();
    }

    public async Task DisposeAsync() => await _listener.DisposeAsync();

    public void Dispose()
    {
        _refusals.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task Both_ends_learn_the_name_in_the_others_certificate()
    {
        await using var dialer = Create(_authority, _authority.IssuePem("dialer.example"));

        await using var near = await dialer.ConnectAsync(_endpoint, CancellationToken.None).AsTask().WaitAsync(Guard);
        await using var far = await _accept.WaitAsync(Guard);

        Assert.Equal("listener.example", near.PeerCertificateName);
        Assert.Equal("dialer.example", far!.PeerCertificateName);
        Assert.Empty(_log.Of(1101));
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused_by_both_sides()
    {
        using var other = new TestAuthority();
        await using var dialer = Create(other, other.IssuePem("dialer.example"));

        var error = await Assert.ThrowsAsync<AuthenticationException>(() => dialer.ConnectAsync(_endpoint, CancellationToken.None).AsTask().WaitAsync(Guard));

        Assert.Contains("TrustedRoot", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, dialer.OpenPipes);
        await AssertStillServesAsync();
    }

    [Fact]
    public async Task A_stranger_who_trusts_anybody_is_refused_by_the_listener_counted_and_logged_once()
    {
        using var other = new TestAuthority();
        using var certificate = other.Issue("stranger.example");

        await KnockAsync(certificate);
        await _refusals.UntilAsync("TlsCertificate", 1);
        await KnockAsync();
        await _refusals.UntilAsync("TlsCertificate", 2);

        Assert.Contains("the peer's certificate is not accepted", Assert.Single(_log.Of(1101)), StringComparison.Ordinal);
        await AssertStillServesAsync();
    }

    [Fact]
    public async Task A_certificate_for_servers_only_does_not_open_the_door()
    {
        using var certificate = _authority.Issue("half.example", usages: [TestAuthority.ServerUsage]);

        await KnockAsync(certificate);

        await _refusals.UntilAsync("TlsCertificate", 1);
        await AssertStillServesAsync();
    }

    [Fact]
    public async Task A_certificate_that_has_expired_does_not_open_the_door()
    {
        using var certificate = _authority.Issue("late.example", validFor: TimeSpan.FromDays(-1));

        await KnockAsync(certificate);

        await _refusals.UntilAsync("TlsCertificate", 1);
        Assert.Contains("NotTimeValid", Assert.Single(_log.Of(1101)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_bytes_are_refused()
    {
        using var stranger = Connect();
        await stranger.SendAsync(Enumerable.Repeat((byte)'x', 500).ToArray());

        await _refusals.UntilAsync("TlsHandshake", 1);

        Assert.Single(_log.Of(1101));
        await AssertStillServesAsync();
    }

    [Fact]
    public async Task A_plain_node_is_told_that_the_handshake_failed()
    {
        await using var plain = new TcpCommunication(new TcpCommunicationOptions { Listen = new("127.0.0.1", 0) }, _log);
        var endpoint = (await plain.ListenAsync(CancellationToken.None))[0];
        var accept = plain.AcceptAsync(CancellationToken.None).AsTask();
        await using var dialer = Create(_authority, _authority.IssuePem("dialer.example"));

        var connect = dialer.ConnectAsync(endpoint, CancellationToken.None).AsTask();
        await using var accepted = await accept.WaitAsync(Guard);
        await accepted!.Input.ReadAsync().AsTask().WaitAsync(Guard);
        accepted.Abort();

        var error = await Assert.ThrowsAsync<CommunicationException>(() => connect.WaitAsync(Guard));
        Assert.Contains("handshake of TLS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mute_stranger_and_one_that_drips_are_cut_off()
    {
        await using var listener = Create(_authority, _authority.IssuePem("listener.example"), timeLimit: TimeSpan.FromMilliseconds(300));
        _endpoint = (await listener.ListenAsync(CancellationToken.None))[0];
        _accept = listener.AcceptAsync(CancellationToken.None).AsTask();
        using var mute = Connect();
        using var dripping = Connect();
        await SendIfOpenAsync(dripping, [22, 3, 1]);

        await _refusals.UntilAsync("TlsTimedOut", 2);

        Assert.Single(_log.Of(1101));
        await AssertClosedAsync(mute);
        await AssertClosedAsync(dripping);
    }

    [Fact]
    public async Task Half_open_connections_beyond_the_limit_are_refused()
    {
        await using var listener = Create(_authority, _authority.IssuePem("listener.example"), handshakesMax: 2);
        _endpoint = (await listener.ListenAsync(CancellationToken.None))[0];
        _accept = listener.AcceptAsync(CancellationToken.None).AsTask();
        using var first = Connect();
        using var second = Connect();

        using var third = Connect();
        await _refusals.UntilAsync("TooManyHandshakes", 1);
        await AssertClosedAsync(third);
        first.Dispose();
        await _refusals.UntilAsync("TlsHandshake", 1);

        await AssertStillServesAsync();
    }

    [Fact]
    public async Task A_connect_whose_handshake_is_not_answered_can_be_cancelled()
    {
        using var mute = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        mute.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        mute.Listen();
        var endpoint = new NodeEndpoint("127.0.0.1", ((System.Net.IPEndPoint)mute.LocalEndPoint!).Port);
        await using var dialer = Create(_authority, _authority.IssuePem("dialer.example"), timeLimit: TimeSpan.FromMinutes(5));
        using var cancellation = new CancellationTokenSource();
        var connect = dialer.ConnectAsync(endpoint, cancellation.Token).AsTask();
        using var accepted = await mute.AcceptAsync();
        Assert.True(await accepted.ReceiveAsync(new byte[1]) > 0, "The dialer's greeting has come, so it waits for the answer.");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connect.WaitAsync(Guard));
        await AssertClosedAsync(accepted);
    }

    [Fact]
    public async Task Altered_bytes_break_the_pipe()
    {
        await using var dialer = Create(_authority, _authority.IssuePem("dialer.example"));
        await using var relay = new AlteringRelay(_endpoint);
        await using var near = await dialer.ConnectAsync(relay.Endpoint, CancellationToken.None).AsTask().WaitAsync(Guard);
        await using var far = await _accept.WaitAsync(Guard);
        var read = far!.Input.ReadAsync().AsTask();

        relay.Alter();
        await near.Output.WriteAsync(new byte[100]);

        var error = await Assert.ThrowsAsync<CommunicationException>(() => read.WaitAsync(Guard));
        Assert.Contains("TLS", error.Message, StringComparison.Ordinal);
    }

    // On a busy machine it may have been cut off before it began.
    private static async Task SendIfOpenAsync(Socket socket, byte[] bytes)
    {
        try
        {
            await socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // Cut off already.
        }
    }

    private static async Task AssertClosedAsync(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[4096]).WaitAsync(Guard) > 0)
            {
                // What was sent before; then the connection ends.
            }
        }
        catch (SocketException)
        {
            // Reset: closed as well.
        }
    }

    private TcpCommunication Create(TestAuthority authority, string certificate, TimeSpan? timeLimit = null, int handshakesMax = 64) => new(
        new TcpCommunicationOptions
        {
            Listen = new NodeEndpoint("127.0.0.1", 0),
            Tls = new TlsOptions { Certificate = certificate, TrustedRoot = authority.RootFile, HandshakeTimeout = timeLimit ?? TimeSpan.FromSeconds(20), HandshakesMax = handshakesMax },
        },
        _log,
        meters: _refusals);

    // Blocking: an asynchronous connect already reports the reset of a listener that closes at once.
    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(System.Net.IPEndPoint.Parse(_endpoint.ToString()));
        return socket;
    }

    // A client of TLS 1.3 believes to be in until it reads.
    [SuppressMessage("Security", "CA5359", Justification = "The stranger is one who trusts anybody.")]
    private async Task KnockAsync(params X509Certificate2[] certificates)
    {
        using var socket = Connect();
        await using var tls = new SslStream(new NetworkStream(socket));
        var options = new SslClientAuthenticationOptions { TargetHost = "x", ClientCertificates = [.. certificates], RemoteCertificateValidationCallback = (_, _, _, _) => true };
        var ended = await Record.ExceptionAsync(async () =>
        {
            await tls.AuthenticateAsClientAsync(options).WaitAsync(Guard);
            Assert.Equal(0, await tls.ReadAsync(new byte[1]).AsTask().WaitAsync(Guard));
        });
        Assert.True(ended is null or IOException or System.Security.Authentication.AuthenticationException, $"{ended}");
    }

    private async Task AssertStillServesAsync()
    {
        await using var dialer = Create(_authority, _authority.IssuePem("dialer.example"));
        await using var near = await dialer.ConnectAsync(_endpoint, CancellationToken.None).AsTask().WaitAsync(Guard);
        await using var far = await _accept.WaitAsync(Guard);
        Assert.Equal("dialer.example", far!.PeerCertificateName);
    }
}
