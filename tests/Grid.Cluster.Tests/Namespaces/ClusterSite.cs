using Grid.Testing.Namespaces;
using Grid.Testing.ZooKeeper;
using Grid.ZooKeeper.Tests.Server;

namespace Grid.Cluster.Tests;

/// <summary>Seven machines: three with a ZooKeeper server, three for workers, one for whoever submits.</summary>
public sealed class ClusterSite : IAsyncLifetime
{
    internal static readonly string[] Registry = ["zk1", "zk2", "zk3"];
    internal static readonly string[] Workers = ["one", "two", "three"];

    private NetworkSite? _network;
    private ZooKeeperServers? _servers;

    internal ZooKeeperServers Servers => Needs.Servers(_servers);

    internal NetworkSite Network
    {
        get
        {
            var reason = _network is null ? NetworkSite.Absence() ?? "the network was not made" : null;
            Assert.False(reason is not null && string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), $"This lane needs namespaces: {reason}.");
            Skip.If(reason is not null, reason);
            return _network!;
        }
    }

    public async Task InitializeAsync()
    {
        if (NetworkSite.Absence() is not null || ZooKeeperServers.Absence() is not null)
        {
            return;
        }

        _network = await NetworkSite.CreateAsync([.. Registry, .. Workers, "submitter"]);
        _servers = await ZooKeeperServers.StartAsync(
            "--servers", "3", "--hosts", string.Join(',', Registry.Select(_network.Address)), "--netns", string.Join(',', Registry.Select(_network.Namespace)));
    }

    public async Task DisposeAsync()
    {
        if (_servers is not null)
        {
            await _servers.DisposeAsync();
        }

        if (_network is not null)
        {
            await _network.DisposeAsync();
        }
    }
}
