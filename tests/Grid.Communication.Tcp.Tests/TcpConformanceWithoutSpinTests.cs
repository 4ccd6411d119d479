using Grid.Spi;
using Grid.Testing.Communication;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Communication.Tcp.Tests;

[Trait("Lane", "loopback")]
public sealed class TcpConformanceWithoutSpinTests : CommunicationConformance
{
    protected override ICommunicationSpi CreateProvider() => new TcpCommunication(
        new TcpCommunicationOptions { Listen = new NodeEndpoint("127.0.0.1", 0), Spin = TimeSpan.Zero, ReceiveBufferBytes = 4096 }, NullLogger<TcpCommunication>.Instance);
}
