using Grid.Spi;
using Grid.Testing.Communication;
using Grid.Testing.Network;

namespace Grid.Messaging.Tests;

public sealed class InMemoryConformanceTests : CommunicationConformance, IDisposable
{
    private readonly InMemoryNetwork _network = new(new InMemoryNetworkOptions { LatencyMax = TimeSpan.FromMilliseconds(1) });
    private int _hosts;

    public void Dispose() => _network.Dispose();

    protected override ICommunicationSpi CreateProvider() => _network.CreateProvider($"host-{++_hosts}");
}
