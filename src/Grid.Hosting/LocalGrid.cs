using System.Collections.Immutable;
using System.Globalization;
using Grid.Checkpoint.InMemory;
using Grid.Collision;
using Grid.Communication.Tcp;
using Grid.Discovery.InMemory;
using Grid.Failover;
using Grid.Kernel.Lifecycle;
using Grid.LoadBalancing;
using Grid.Spi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Hosting;

/// <summary>
/// A whole grid in this process: real nodes that talk over real sockets on loopback, and a client. For tests, samples and
/// laptops. Nodes can be added, stopped and killed while work is running.
/// </summary>
public sealed class LocalGrid : IAsyncDisposable
{
    private readonly LocalGridOptions _options;
    private readonly ServiceProvider _services;
    private readonly InMemoryRegistry _registry = new();
    private readonly ICheckpointSpi _checkpoints;
    private readonly Lock _gate = new();
    private readonly int _slots;
    private ImmutableDictionary<NodeId, GridRuntime> _nodes = ImmutableDictionary<NodeId, GridRuntime>.Empty; // Replaced under the gate.
    private GridRuntime? _client; // Set once, by StartAsync.
    private int _names;
    private bool _isDisposed; // Guarded by the gate.

    private LocalGrid(LocalGridOptions options)
    {
        _options = options;
        _services = GridNode.CreateServices(options.AddServices ?? (_ => { }));
        _checkpoints = options.Checkpoints ?? new InMemoryCheckpoints(_services.GetRequiredService<TimeProvider>());
        _slots = options.SlotsPerNode > 0 ? options.SlotsPerNode : Math.Max(1, Environment.ProcessorCount / Math.Max(1, options.Nodes));
    }

    /// <summary>Submits work to the nodes; nothing is ever placed on it.</summary>
    public IGrid Client => _client!.Grid;

    /// <summary>The nodes that run, in join order.</summary>
    public IReadOnlyList<NodeInfo> Nodes => [.. _nodes.Values.Select(node => node.LocalNode).OrderBy(node => node.JoinOrder)];

    /// <summary>Starts a grid.</summary>
    /// <param name="nodes">How many nodes: 0 to 1,000.</param>
    /// <param name="ct">Gives the start up; nothing is left behind.</param>
    /// <returns>The grid, with all its nodes in the client's view.</returns>
    public static Task<LocalGrid> StartAsync(int nodes = 3, CancellationToken ct = default) => StartAsync(new LocalGridOptions { Nodes = nodes }, ct);

    /// <inheritdoc cref="StartAsync(int, CancellationToken)"/>
    /// <param name="options">How to make it.</param>
    /// <param name="ct">Gives the start up; nothing is left behind.</param>
    public static async Task<LocalGrid> StartAsync(LocalGridOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var grid = new LocalGrid(options);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, options.Nodes).Select(_ => grid.StartNodeAsync(ct))).ConfigureAwait(false);
            grid._client = await GridRuntime.StartAsync(grid.MakeSettings("client", isClient: true), grid.MakeParts(), ct).ConfigureAwait(false);
            return grid;
        }
        catch
        {
            await grid.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts another node.</summary>
    /// <param name="ct">Gives the start up.</param>
    /// <returns>The node's record; the client sees it already.</returns>
    public async Task<NodeInfo> AddNodeAsync(CancellationToken ct = default)
    {
        var node = await StartNodeAsync(ct).ConfigureAwait(false);
        await WaitUntilSeenAsync(node.Id, ct).ConfigureAwait(false);
        return node;
    }

    /// <summary>The grid as a node of it sees it; work submitted there comes from that node.</summary>
    /// <param name="node">A node that runs here.</param>
    /// <exception cref="ArgumentException">No such node runs here.</exception>
    public IGrid GetGrid(NodeInfo node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _nodes.TryGetValue(node.Id, out var runtime) ? runtime.Grid : throw NoSuchNode(node);
    }

    /// <summary>Ends a node without a good-bye, in the middle of whatever it does: the others see it fail, and its jobs run elsewhere.</summary>
    /// <param name="node">A node that runs here.</param>
    /// <exception cref="ArgumentException">No such node runs here.</exception>
    public Task KillAsync(NodeInfo node) => Take(node).KillAsync();

    /// <summary>Stops a node as a deployment would: it drains, then leaves.</summary>
    /// <param name="node">A node that runs here.</param>
    /// <param name="ct">Shortens the drain.</param>
    /// <exception cref="ArgumentException">No such node runs here.</exception>
    public Task StopAsync(NodeInfo node, CancellationToken ct = default) => Take(node).StopAsync(ct);

    /// <summary>Stops the client, then all nodes. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        ImmutableDictionary<NodeId, GridRuntime> nodes;
        lock (_gate)
        {
            _isDisposed = true;
            nodes = _nodes;
            _nodes = _nodes.Clear();
        }

        if (_client is not null)
        {
            await _client.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(nodes.Values.Select(node => node.StopAsync(CancellationToken.None))).ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<NodeInfo> StartNodeAsync(CancellationToken ct)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"node-{Interlocked.Increment(ref _names)}");
        var runtime = await GridRuntime.StartAsync(MakeSettings(name, isClient: false), MakeParts(), ct).ConfigureAwait(false);
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _nodes = _nodes.Add(runtime.LocalNode.Id, runtime);
                return runtime.LocalNode;
            }
        }

        await runtime.DisposeAsync().ConfigureAwait(false);
        throw new ObjectDisposedException(nameof(LocalGrid), "The grid was disposed while a node was starting.");
    }

    private async Task WaitUntilSeenAsync(NodeId id, CancellationToken ct)
    {
        var topology = Client.Topology;
        var version = topology.Current.Version;
        if (topology.Current.Find(id) is not null)
        {
            return;
        }

        await foreach (var _ in topology.ChangesAsync(version, ct).ConfigureAwait(false))
        {
            if (topology.Current.Find(id) is not null)
            {
                return;
            }
        }
    }

    private GridRuntime Take(NodeInfo node)
    {
        ArgumentNullException.ThrowIfNull(node);
        lock (_gate)
        {
            var runtime = _nodes.GetValueOrDefault(node.Id) ?? throw NoSuchNode(node);
            _nodes = _nodes.Remove(node.Id);
            return runtime;
        }
    }

    private GridRuntimeSettings MakeSettings(string name, bool isClient) => new()
    {
        Name = name,
        IsClient = isClient,
        Slots = _slots,
        DrainTimeout = _options.DrainTimeout,
        Resources = isClient ? ResourceAmounts.None : _options.ResourcesPerNode,
        Compute = new Kernel.Compute.ComputeOptions { InFlightMax = _options.InFlightMax, CancelGrace = _options.CancelGrace },
    };

    private GridRuntimeParts MakeParts() => NodeComposition.MakeParts(
        _services,
        _registry.CreateDiscovery("local"),
        new TcpCommunication(
            new TcpCommunicationOptions { Listen = new NodeEndpoint("127.0.0.1", 0) },
            _services.GetRequiredService<ILogger<TcpCommunication>>(),
            _services.GetRequiredService<TimeProvider>()),
        _options.CreateBalancer?.Invoke() ?? new Adaptive(BuiltInProviders.NewSeed()),
        _options.CreateCollision?.Invoke() ?? new Fifo()) with
    {
        Failover = _options.CreateFailover?.Invoke() ?? new Always(BuiltInProviders.NewSeed()),
        Checkpoints = _checkpoints,
    };

    private static ArgumentException NoSuchNode(NodeInfo node) =>
        new($"{node} does not run in this local grid: it was stopped or killed, or belongs to another grid.", nameof(node));
}
