using Grid.Testing.ZooKeeper;

namespace Grid.ZooKeeper.Tests.Server;

/// <summary>Three servers for all tests of a class. A test that harms one heals it before it ends.</summary>
public sealed class Ensemble : IAsyncLifetime
{
    internal ZooKeeperServers? Servers { get; private set; }

    public async Task InitializeAsync()
    {
        if (ZooKeeperServers.Absence() is null)
        {
            Servers = await ZooKeeperServers.StartAsync("--servers", "3");
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
