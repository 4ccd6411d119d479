using Grid.Testing;

namespace Grid.Kernel.Tests.Discovery;

public sealed class InMemoryDiscoveryTests() : DiscoveryConformance(new InMemoryDiscoveryFixture());
