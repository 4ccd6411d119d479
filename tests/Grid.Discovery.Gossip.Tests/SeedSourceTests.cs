using System.Collections.Concurrent;
using System.Net;

namespace Grid.Discovery.Gossip.Tests;

/// <summary>Members that know nobody and find each other through a source of addresses, on loopback.</summary>
[Trait("Lane", "loopback")]
public sealed class SeedSourceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<IPEndPoint> _offered = new();

    [Fact]
    public async Task Whoever_offered_its_address_first_founds_the_cluster_and_the_others_and_clients_find_it()
    {
        await using var first = new GossipDiscovery(Options());
        var founded = await first.StartAsync(RecordOf(1), CancellationToken.None).WaitAsync(Patience);
        await using var second = new GossipDiscovery(Options());
        await using var client = new GossipDiscovery(Options());

        Assert.Equal(founded, await second.StartAsync(RecordOf(2), CancellationToken.None).WaitAsync(Patience));
        Assert.Equal(founded, await client.StartAsync(null, CancellationToken.None).WaitAsync(Patience));

        Assert.Equal(2, _offered.Count);
    }

    [Fact]
    public async Task Members_that_start_at_once_found_one_cluster()
    {
        var nodes = Enumerable.Range(0, 5).Select(_ => new GossipDiscovery(Options())).ToArray();
        try
        {
            var ids = await Task.WhenAll(nodes.Select((node, i) => node.StartAsync(RecordOf(i + 1), CancellationToken.None).WaitAsync(Patience)));

            Assert.Single(ids.Distinct());
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task The_provider_disposes_its_source()
    {
        var options = Options();
        var discovery = new GossipDiscovery(options);
        await discovery.StartAsync(RecordOf(1), CancellationToken.None).WaitAsync(Patience);

        await discovery.DisposeAsync();

        Assert.True(((SharedSeeds)options.SeedSource!).IsDisposed);
    }

    private static NodeInfo RecordOf(int node) => new() { Id = new NodeId((UInt128)(uint)node), Name = $"node-{node}" };

    private GossipDiscoveryOptions Options()
    {
        var options = GossipFixture.OptionsOf("found by a source");
        options.SeedSource = new SharedSeeds(_offered);
        return options;
    }

    private sealed class SharedSeeds(ConcurrentQueue<IPEndPoint> offered) : ISeedSource
    {
        public bool IsDisposed { get; private set; }

        public IReadOnlyList<IPEndPoint> Current => [.. offered];

        public Task StartAsync(IPEndPoint? own, CancellationToken ct)
        {
            if (own is not null && !offered.Contains(own))
            {
                offered.Enqueue(own);
            }

            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
