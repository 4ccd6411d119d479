using Grid.Testing;
using Grid.ZooKeeper.Tests.Server;

namespace Grid.Discovery.ZooKeeper.Tests.Server;

[Trait("Lane", "server")]
public sealed class ZooKeeperDiscoveryFaultTests(Standalone standalone) : DiscoveryFaultConformance(new ZooKeeperDiscoveryFixture(standalone)), IClassFixture<Standalone>;
