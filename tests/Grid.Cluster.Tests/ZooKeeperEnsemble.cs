using Grid.Testing.ZooKeeper;

namespace Grid.Cluster.Tests;

/// <summary>Three servers, and the cluster of one test.</summary>
public sealed class ZooKeeperEnsemble : IAsyncLifetime
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
