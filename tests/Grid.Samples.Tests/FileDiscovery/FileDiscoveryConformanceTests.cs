using Grid.Testing;

namespace Grid.Samples.Tests.FileDiscovery;

[Trait("Lane", "loopback")]
public sealed class FileDiscoveryConformanceTests() : DiscoveryConformance(new FileDiscoveryFixture());
