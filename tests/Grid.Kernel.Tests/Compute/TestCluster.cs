using System.Collections.Immutable;
using Grid.Collision;
using Grid.Communication.Tcp;
using Grid.Discovery.InMemory;
using Grid.Kernel.Compute;
using Grid.Kernel.ForkJoin;
using Grid.Kernel.Lifecycle;
using Grid.LoadBalancing;
using Grid.Messaging;
using Grid.Spi;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Kernel.Tests.Compute;

/// <summary>Whole nodes in this process: workers and one client, over sockets on loopback or whatever pipes a test brings.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly InMemoryRegistry _registry = new();
    private readonly Func<ICommunicationSpi> _communication;
    private readonly ComputeOptions _options;
    private readonly MessengerOptions _messaging;
    private readonly TestClusterOptions _given;

    // Replaced, never changed: a test may add a node while it looks at the others.
    private ImmutableList<(GridRuntime Runtime, InMemoryDiscovery Discovery)> _nodes = [];
    private readonly Random _random;

    private TestCluster(TestClusterOptions options)
    {
        _random = new Random(options.Seed);
        _options = options.Compute;
        _messaging = options.Messaging;
        _given = options;
        _communication = options.Communication ?? (() =>
            new TcpCommunication(new TcpCommunicationOptions { Listen = new NodeEndpoint("127.0.0.1", 0) }, NullLogger<TcpCommunication>.Instance));
    }

    public IGrid Client { get; private set; } = null!;

    public IReadOnlyList<GridRuntime> Workers => [.. _nodes.Select(node => node.Runtime)];

    public static async Task<TestCluster> StartAsync(int workers, int slots = 1, TestClusterOptions? options = null)
    {
        var cluster = new TestCluster(options ?? new TestClusterOptions());
        for (var i = 0; i < workers; i++)
        {
            await cluster.AddAsync(slots);
        }

        cluster.Client = (await cluster.StartAsync("client", 0)).Runtime.Grid;
        return cluster;
    }

    public async Task<GridRuntime> AddAsync(int slots = 1)
    {
        var node = await StartAsync($"worker-{_nodes.Count + 1}", slots);
        ImmutableInterlocked.Update(ref _nodes, static (nodes, added) => nodes.Add(added), node);
        return node.Runtime;
    }

    public InMemoryDiscovery DiscoveryOf(GridRuntime runtime) => _nodes.Single(node => node.Runtime == runtime).Discovery;

    /// <summary>Ends when the client finds a worker in a condition.</summary>
    public async Task WaitForConditionAsync(GridRuntime worker, NodeCondition condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Client.Health.Find(worker.LocalNode.Id)?.Condition != condition)
        {
            Assert.False(limit.IsCancellationRequested, $"not {condition}: {string.Join("; ", Client.Health.All)}; {string.Join("; ", Client.Metrics.All)}");
            await Task.Yield();
        }
    }

    /// <summary>Ends when the client sees that many workers.</summary>
    public async Task WaitForClientToSeeAsync(int workers)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        if (Client.Nodes.Count == workers)
        {
            return;
        }

        await foreach (var _ in Client.Topology.ChangesAsync(0, limit.Token))
        {
            if (Client.Nodes.Count == workers)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        foreach (var (runtime, _) in _nodes)
        {
            await runtime.KillAsync();
        }
    }

    private async Task<(GridRuntime Runtime, InMemoryDiscovery Discovery)> StartAsync(string name, int slots)
    {
        var discovery = _registry.CreateDiscovery("test");
        var settings = new GridRuntimeSettings { Name = name, IsClient = slots == 0, Slots = Math.Max(1, slots), Compute = _options, Messaging = _messaging, ForkJoin = _given.ForkJoin, Gossip = _given.Gossip, Health = _given.Health };
        var runtime = await GridRuntime.StartAsync(settings, PartsFor(discovery), CancellationToken.None);
        return (runtime, discovery);
    }

    private GridRuntimeParts PartsFor(InMemoryDiscovery discovery) => new()
    {
        Discovery = discovery,
        Communication = _communication(),
        Balancer = new RoundRobin(),
        Collision = new Fifo(),
        Failover = _given.Failover,
        Time = TimeProvider.System,
        Random = new Random(_random.Next()),
        Loggers = NullLoggerFactory.Instance,
        Services = new NoServices(),
    };

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
