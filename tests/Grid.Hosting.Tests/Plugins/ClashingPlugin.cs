using Grid.Spi;

namespace Grid.Hosting.Tests.Plugins;

/// <summary>A plug-in that takes a name that is taken.</summary>
public sealed class ClashingPlugin : IGridPlugin
{
    public void Register(IGridProviders providers)
    {
        ArgumentNullException.ThrowIfNull(providers);
        providers.AddDiscovery("ZooKeeper", _ => throw new InvalidOperationException("never made"));
    }
}
