using Grid.Discovery.InMemory;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Kernel.Tests.Discovery;

public sealed class InMemoryDiscoveryFixture : DiscoveryFixture
{
    private readonly InMemoryRegistry _registry = new();

    public override ValueTask<IDiscoverySpi> CreateAsync(string cluster) => ValueTask.FromResult<IDiscoverySpi>(_registry.CreateDiscovery(cluster));

    public override Task SuspendAsync(IDiscoverySpi provider)
    {
        ((InMemoryDiscovery)provider).Suspend();
        return Task.CompletedTask;
    }

    public override Task ResumeAsync(IDiscoverySpi provider)
    {
        ((InMemoryDiscovery)provider).Resume();
        return Task.CompletedTask;
    }

    public override Task ExpireAsync(IDiscoverySpi provider)
    {
        ((InMemoryDiscovery)provider).Expire();
        return Task.CompletedTask;
    }
}
