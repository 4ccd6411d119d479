using Grid.Testing;

namespace Grid.Discovery.Gossip.Tests;

public sealed class GossipDiscoveryTests() : DiscoveryConformance(new GossipFixture());
