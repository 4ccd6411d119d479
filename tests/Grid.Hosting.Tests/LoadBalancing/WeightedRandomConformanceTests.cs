using Grid.LoadBalancing;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Hosting.Tests.LoadBalancing;

public sealed class WeightedRandomConformanceTests : LoadBalancingConformance
{
    protected override ILoadBalancingSpi Create() => new WeightedRandom(1);
}
