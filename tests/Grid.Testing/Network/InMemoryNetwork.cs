using Grid.Spi;

namespace Grid.Testing.Network;

/// <summary>
/// A network inside one process, with faults on demand: latency, connections that break, connects that fail, directions that hold their bytes back. It
/// hands out communication providers, one per host. All choices come from one seed; continuations run on the network's own thread.
/// </summary>
/// <param name="options">How badly it behaves.</param>
/// <param name="time">Its clock; by default the system's.</param>
public sealed class InMemoryNetwork(InMemoryNetworkOptions? options = null, TimeProvider? time = null) : IDisposable
{
    private readonly InMemoryNetworkOptions _options = options ?? new InMemoryNetworkOptions();
    private readonly Random _random = new((options ?? new InMemoryNetworkOptions()).Seed);
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeEndpoint, InMemoryCommunication> _listeners = [];
    private readonly HashSet<(string From, string To)> _partitions = [];
    private readonly List<(string From, string To, Action Resume)> _held = [];
    private readonly HashSet<InMemoryConnection> _connections = [];
    private int _lastPort = 1024;

    /// <summary>How many connections are open.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    internal NetworkThread Thread { get; } = new(time ?? TimeProvider.System);

    internal int WindowBytes => _options.WindowBytes;

    /// <summary>A provider for one host.</summary>
    /// <param name="host">The host's name; endpoints that it listens at carry it.</param>
    /// <param name="isLoopback">What its pipes say of themselves.</param>
    public ICommunicationSpi CreateProvider(string host, bool isLoopback = true) => new InMemoryCommunication(this, host, isLoopback);

    /// <summary>From now on bytes from one host to another are held back, silently. The other direction goes on.</summary>
    /// <param name="from">The sending host.</param>
    /// <param name="to">The receiving host.</param>
    public void Partition(string from, string to)
    {
        lock (_gate)
        {
            _partitions.Add((from, to));
        }
    }

    /// <summary>Ends a partition; what was held back is delivered.</summary>
    /// <param name="from">The sending host.</param>
    /// <param name="to">The receiving host.</param>
    public void Heal(string from, string to)
    {
        List<Action> resumed;
        lock (_gate)
        {
            _partitions.Remove((from, to));
            resumed = [.. _held.Where(held => held.From == from && held.To == to).Select(held => held.Resume)];
            _held.RemoveAll(held => held.From == from && held.To == to);
        }

        foreach (var resume in resumed)
        {
            Thread.Post(TimeSpan.Zero, resume);
        }
    }

    /// <summary>Breaks every connection between two hosts; both ends notice.</summary>
    /// <param name="one">A host.</param>
    /// <param name="other">Another, or the same.</param>
    public void Reset(string one, string other)
    {
        foreach (var connection in Snapshot().Where(connection => connection.IsBetween(one, other)))
        {
            connection.Break($"The in-memory network has reset the connection between {one} and {other}.");
        }
    }

    /// <summary>Ends the network's thread; nothing is delivered any more.</summary>
    public void Dispose() => Thread.Dispose();

    internal NodeEndpoint Listen(InMemoryCommunication provider, string host)
    {
        lock (_gate)
        {
            var endpoint = new NodeEndpoint(host, ++_lastPort);
            _listeners.Add(endpoint, provider);
            return endpoint;
        }
    }

    internal void StopListening(InMemoryCommunication provider)
    {
        lock (_gate)
        {
            foreach (var endpoint in _listeners.Where(entry => entry.Value == provider).Select(entry => entry.Key).ToList())
            {
                _listeners.Remove(endpoint);
            }
        }
    }

    internal InMemoryCommunication? FindListener(NodeEndpoint endpoint)
    {
        lock (_gate)
        {
            return _listeners.GetValueOrDefault(endpoint);
        }
    }

    internal void Add(InMemoryConnection connection)
    {
        lock (_gate)
        {
            _connections.Add(connection);
        }
    }

    internal void Remove(InMemoryConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
        }
    }

    internal bool DrawsConnectFailure() => Draw(_options.ConnectFailureProbability);

    internal bool DrawsBreak() => Draw(_options.BreakProbability);

    /// <summary>Runs something on the network's thread when bytes that leave one host now have reached the other.</summary>
    internal void Travel(string from, string to, Action arrive)
    {
        TimeSpan latency;
        lock (_gate)
        {
            latency = _options.LatencyMin + ((_options.LatencyMax - _options.LatencyMin) * _random.NextDouble());
        }

        Thread.Post(latency, () => ArriveOrHold(from, to, arrive));
    }

    private void ArriveOrHold(string from, string to, Action arrive)
    {
        lock (_gate)
        {
            if (_partitions.Contains((from, to)))
            {
                _held.Add((from, to, arrive));
                return;
            }
        }

        arrive();
    }

    private bool Draw(double probability)
    {
        lock (_gate)
        {
            return probability > 0 && _random.NextDouble() < probability;
        }
    }

    private InMemoryConnection[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _connections];
        }
    }
}
