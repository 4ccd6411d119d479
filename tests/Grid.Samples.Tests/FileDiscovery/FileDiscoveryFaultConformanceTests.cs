using Grid.Testing;

namespace Grid.Samples.Tests.FileDiscovery;

[Trait("Lane", "loopback")]
public sealed class FileDiscoveryFaultConformanceTests() : DiscoveryFaultConformance(new FileDiscoveryFixture());
