using Grid.Spi;
using Grid.Testing;
using Grid.ZooKeeper;
using Grid.ZooKeeper.Tests.Server;

namespace Grid.Discovery.ZooKeeper.Tests.Server;

/// <summary>Providers on a real server, each behind a proxy of its own that can cut it off.</summary>
internal sealed class ZooKeeperDiscoveryFixture(Standalone standalone) : DiscoveryFixture
{
    private readonly List<(IDiscoverySpi Provider, ChaosProxy Proxy)> _made = [];

    public override ValueTask<IDiscoverySpi> CreateAsync(string cluster)
    {
        var proxy = new ChaosProxy(Needs.Servers(standalone.Servers).ConnectString);
        var provider = new ZooKeeperDiscovery(new ZooKeeperDiscoveryOptions { ConnectionString = proxy.Address, Cluster = cluster, SessionTimeout = TimeSpan.FromSeconds(10) });
        _made.Add((provider, proxy));
        return ValueTask.FromResult<IDiscoverySpi>(provider);
    }

    public override Task SuspendAsync(IDiscoverySpi provider)
    {
        ProxyOf(provider).Refuse();
        return Task.CompletedTask;
    }

    public override Task ResumeAsync(IDiscoverySpi provider)
    {
        ProxyOf(provider).Heal();
        return Task.CompletedTask;
    }

    /// <summary>A second connection takes the session over and closes it, while the owner cannot take it back.</summary>
    public override async Task ExpireAsync(IDiscoverySpi provider)
    {
        var session = ((ZooKeeperDiscovery)provider).Client?.Session ?? throw new InvalidOperationException("The provider has no session to expire.");
        ProxyOf(provider).Refuse();
        await using var thief = await ZooKeeperClient.ConnectAsync(new ZooKeeperOptions { ConnectString = standalone.Servers!.ConnectString, Session = session });
        Assert.True(await thief.CloseAsync(), "The server did not confirm the end of the session.");
        ProxyOf(provider).Heal();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var (_, proxy) in _made)
        {
            await proxy.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    private ChaosProxy ProxyOf(IDiscoverySpi provider) => _made.Single(made => made.Provider == provider).Proxy;
}
