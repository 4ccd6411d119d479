using Grid.Testing;

namespace Grid.Discovery.Gossip.Tests;

public sealed class GossipDiscoveryFaultTests() : DiscoveryFaultConformance(new GossipFixture());
