using Grid.LoadBalancing;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Hosting.Tests.LoadBalancing;

public sealed class AdaptiveConformanceTests : LoadBalancingConformance
{
    protected override ILoadBalancingSpi Create() => new Adaptive(1);
}
