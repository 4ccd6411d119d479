using Grid.Testing;

namespace Grid.Kernel.Tests.Discovery;

public sealed class InMemoryDiscoveryFaultTests() : DiscoveryFaultConformance(new InMemoryDiscoveryFixture());
