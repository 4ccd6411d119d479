using Grid.Spi;
using Grid.Testing.Communication;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Communication.Tcp.Tests;

[Trait("Lane", "loopback")]
public sealed class TcpConformanceTests : CommunicationConformance
{
    protected override ICommunicationSpi CreateProvider() =>
        new TcpCommunication(new TcpCommunicationOptions { Listen = new NodeEndpoint("127.0.0.1", 0) }, NullLogger<TcpCommunication>.Instance);
}
