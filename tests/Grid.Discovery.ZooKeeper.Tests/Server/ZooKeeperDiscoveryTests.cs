using Grid.Testing;
using Grid.ZooKeeper.Tests.Server;

namespace Grid.Discovery.ZooKeeper.Tests.Server;

[Trait("Lane", "server")]
public sealed class ZooKeeperDiscoveryTests(Standalone standalone) : DiscoveryConformance(new ZooKeeperDiscoveryFixture(standalone)), IClassFixture<Standalone>;
