using Grid.Spi;
using Grid.Testing.Communication;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Communication.Tcp.Tests;

/// <summary>The contract of pipes, with certificates.</summary>
[Trait("Lane", "loopback")]
public sealed class TlsConformanceTests : CommunicationConformance, IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    protected override ICommunicationSpi CreateProvider() => new TcpCommunication(
        new TcpCommunicationOptions { Listen = new NodeEndpoint("127.0.0.1", 0), Tls = _authority.Options("node.example") }, NullLogger<TcpCommunication>.Instance);
}
