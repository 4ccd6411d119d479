using Grid.Testing.ZooKeeper;

namespace Grid.ZooKeeper.Tests.Server;

/// <summary>One server for all tests of a class. Each test works in a chroot of its own.</summary>
public sealed class Standalone : IAsyncLifetime
{
    internal ZooKeeperServers? Servers { get; private set; }

    public async Task InitializeAsync()
    {
        if (ZooKeeperServers.Absence() is null)
        {
            Servers = await ZooKeeperServers.StartAsync("--super", "root-secret", "--sasl", "grid:sasl-secret", "--tls");
        }
    }

    public async Task DisposeAsync()
    {
        if (Servers is not null)
        {
            await Servers.DisposeAsync();
        }
    }
}
