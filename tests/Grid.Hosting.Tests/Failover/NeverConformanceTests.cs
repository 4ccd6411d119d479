using Grid.Failover;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Hosting.Tests.Failover;

public sealed class NeverConformanceTests : FailoverConformance
{
    protected override IFailoverSpi Create() => new Never();
}
