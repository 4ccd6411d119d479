using System.Collections.Concurrent;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Discovery.Gossip.Tests;

/// <summary>Members on loopback that find each other through a seed without jobs, one for each cluster; it keeps the cluster while nobody is in it.</summary>
internal sealed class GossipFixture : DiscoveryFixture
{
    private readonly ConcurrentDictionary<string, GossipSeed> _seeds = new();

    public override async ValueTask<IDiscoverySpi> CreateAsync(string cluster)
    {
        if (!_seeds.TryGetValue(cluster, out var seed))
        {
            seed = new GossipSeed(OptionsOf(cluster));
            await seed.StartAsync(CancellationToken.None);
            _seeds[cluster] = seed;
        }

        var options = OptionsOf(cluster);
        options.Seeds = [seed.Address.ToString()];
        return new GossipDiscovery(options);
    }

    public override Task SuspendAsync(IDiscoverySpi provider)
    {
        ((GossipDiscovery)provider).Cut(isCut: true);
        return Task.CompletedTask;
    }

    public override Task ResumeAsync(IDiscoverySpi provider)
    {
        ((GossipDiscovery)provider).Cut(isCut: false);
        return Task.CompletedTask;
    }

    public override Task ExpireAsync(IDiscoverySpi provider)
    {
        _seeds[Cluster].Condemn(((GossipDiscovery)provider).Membership!.Value);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var seed in _seeds.Values)
        {
            await seed.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    public static GossipDiscoveryOptions OptionsOf(string cluster) => new()
    {
        Cluster = cluster,
        Secret = "only for these tests",
        Listen = "127.0.0.1:0",
        ProbeInterval = TimeSpan.FromMilliseconds(100),
        ProbeTimeout = TimeSpan.FromMilliseconds(50),
        SuspicionMult = 30,
        SuspicionMaxMult = 2,
        PushPullInterval = TimeSpan.FromSeconds(1),
        ClientInterval = TimeSpan.FromMilliseconds(100),
    };
}
