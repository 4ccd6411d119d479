using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Grid.Discovery.Gossip.Swim;
using Grid.Discovery.Gossip.Wire;
using Microsoft.Extensions.Logging;

namespace Grid.Discovery.Gossip.Net;

/// <summary>A machine with its sockets and threads: finds a cluster, carries effects out, and hands in what comes.</summary>
internal sealed class GossipNode : IDisposable
{
    private const int ToldMax = 3;
    private const string Packets = "udp";
    private readonly GossipDiscoveryOptions _options;
    private readonly ProviderServices _services;
    private readonly ILogger _logger;
    private readonly ClusterKey _key;
    private readonly PacketCodec _codec;
    private readonly SeedList _seeds;
    private readonly GuardedMachine _machine;
    private readonly GossipDiscoveryMetrics _metrics;
    private readonly PacketSocket _packets;
    private readonly SyncServer _server;
    private readonly WorkThread _ticks;
    private readonly WorkThread _exchanges;
    private readonly SyncRequests _syncs;

    // Written by tests, read by all threads.
    private volatile bool _isCut;

    public GossipNode(GossipDiscoveryOptions options, ProviderServices services, SnapshotBoard board)
    {
        (_options, _services) = (options, services);
        _logger = services.Loggers.CreateLogger("Grid.Discovery.Gossip");
        _metrics = new GossipDiscoveryMetrics(services.Meters);
        _key = new ClusterKey(options.Secret, options.Cluster);
        _codec = new PacketCodec(_key);
        _seeds = new SeedList(options, _logger);
        _machine = new GuardedMachine(options.ToSettings(), services, board, _metrics, _logger);
        var port = GossipPort.Open(options.ListenAddress);
        var advertised = options.AdvertiseAddress ?? port.Address;
        Address = advertised.Port == 0 ? new IPEndPoint(advertised.Address, port.Address.Port) : advertised;
        _ticks = new WorkThread("grid-gossip", Tick, exception => GossipDiscoveryLog.Unexpected(_logger, exception));
        _exchanges = new WorkThread("grid-gossip-sync", static () => TimeSpan.MaxValue, exception => GossipDiscoveryLog.Unexpected(_logger, exception));
        _syncs = new SyncRequests(_exchanges);
        (_machine.CarryOut, _machine.Wake) = (CarryOut, _ticks.Wake);
        _packets = new PacketSocket(port.Packets, OnPacket);
        _server = new SyncServer(port.Listener, _key, services.Time, _metrics, Answer);
    }

    /// <summary>Where the others find this node.</summary>
    public IPEndPoint Address { get; }

    public bool HoldsMembership => _machine.HoldsMembership;

    /// <inheritdoc cref="GuardedMachine.Membership"/>
    public NodeKey? Membership => _machine.Membership;

    /// <summary>For tests: nothing comes in and nothing goes out.</summary>
    internal bool IsCut
    {
        get => _isCut;
        set => _isCut = value;
    }

    /// <summary>Finds the cluster or founds it, and becomes a part of it.</summary>
    public async Task<ClusterId> JoinAsync(NodeKey key, NodeInfo? local, CancellationToken ct)
    {
        await _seeds.StartAsync(Address, ct).ConfigureAwait(false);
        return await _exchanges.RunAsync(() => Join(key, local, ct)).ConfigureAwait(false);
    }

    /// <inheritdoc cref="GuardedMachine.Update"/>
    public void Update(NodeInfo local) => _machine.Update(local);

    public Task LeaveAsync(CancellationToken ct) => _exchanges.RunAsync(() =>
    {
        var (farewell, others) = _machine.Leave();
        SayGoodBye(farewell, others, ct);
        return true;
    });

    /// <summary>For tests: gives a member up in the name of all.</summary>
    internal void Condemn(NodeKey key) => _machine.Condemn(key);

    public void Dispose()
    {
        _packets.Dispose();
        _server.Dispose();
        _ticks.Dispose();
        _exchanges.Dispose();
        _machine.Close();
        _metrics.Dispose();
    }

    private ClusterId Join(NodeKey key, NodeInfo? local, CancellationToken ct)
    {
        var search = new ClusterSearch(_options, _services.Time, _services.Random);
        var seed = search.Run(FindCluster, ct);
        _machine.Join(key, local, Address);
        var cluster = _machine.Cluster;
        GossipDiscoveryLog.Joined(_logger, key, _options.Cluster, cluster, Address);
        if (!seed.Equals(Address))
        {
            Introduce(seed, key);
        }

        return cluster;
    }

    /// <summary>All seeds that answer know the node when it has started; the one that let it in must.</summary>
    private void Introduce(IPEndPoint seed, NodeKey key)
    {
        if (!TrySync(seed) && !_seeds.ResolveOthers(Address).Any(TrySync))
        {
            _machine.Leave();
            throw new DiscoveryException($"The seed {seed} let {key} in and then answered no more. Repeat the start under another node id.");
        }

        foreach (var other in _seeds.ResolveOthers(Address).Where(other => !other.Equals(seed)).Take(2))
        {
            TrySync(other);
        }
    }

    /// <summary>One attempt: the address of a seed that is in a cluster, or of this node when it founded one.</summary>
    private IPEndPoint? FindCluster()
    {
        var seeds = _seeds.ResolveOthers(Address);
        _services.Random.Shuffle(seeds);
        foreach (var seed in seeds)
        {
            if (TryExchange(seed, new SyncMessage(_machine.Cluster, default, 0, 0, [])) is { } reply && reply.Cluster != default && TryAdopt(seed, reply))
            {
                return seed;
            }
        }

        if (!_seeds.IsFounder(Address) || _isCut)
        {
            return null;
        }

        GossipDiscoveryLog.Founded(_logger, _options.Cluster, _machine.Found());
        return Address;
    }

    private bool TryAdopt(IPEndPoint seed, SyncMessage reply)
    {
        var isOurs = _machine.TryAdopt(reply);
        if (!isOurs)
        {
            GossipDiscoveryLog.OtherCluster(_logger, seed, reply.Cluster, _machine.Cluster);
        }

        return isOurs;
    }

    private bool TrySync(IPEndPoint address)
    {
        var beganAt = _machine.Now;
        if (TryExchange(address, _machine.ToSync()) is not { } reply || reply.Cluster == default || !TryAdopt(address, reply))
        {
            return false;
        }

        _machine.OnSynced(beganAt);
        return true;
    }

    private SyncMessage? TryExchange(IPEndPoint address, SyncMessage message)
    {
        try
        {
            var reply = _isCut ? throw new IOException("This node was cut off by a test.") : SyncLink.Exchange(address, message, _key, _services.Time, _metrics);
            return _isCut ? null : reply;
        }
        catch (IOException exception)
        {
            _metrics.CountExchangeFailed();
            GossipDiscoveryLog.ExchangeFailed(_logger, address, exception.Message);
            return null;
        }
    }

    private void SayGoodBye(SyncMessage? farewell, ImmutableArray<IPEndPoint> others, CancellationToken ct)
    {
        for (var (i, told) = (0, 0); farewell is not null && i < others.Length && told < ToldMax && !_isCut && !ct.IsCancellationRequested; i++)
        {
            told += TryExchange(others[i], farewell) is null ? 0 : 1;
        }
    }

    private SyncMessage Answer(SyncMessage request) => _isCut ? throw new IOException("This node was cut off by a test.") : _machine.Answer(request);

    private void OnPacket(ReadOnlyMemory<byte> data, IPEndPoint from)
    {
        if (_isCut || (!_key.HasSecret && !IPAddress.IsLoopback(from.Address)))
        {
            return;
        }

        _metrics.CountBytes(Packets, "in", data.Length);
        if (_codec.TryDecode(data.Span, _machine.Cluster) is { } packet)
        {
            _machine.OnPacket(packet, from);
        }
    }

    private TimeSpan Tick() => _machine.OnTick();

    private void CarryOut(SwimEffect effect, ClusterId cluster)
    {
        switch (effect)
        {
            case SwimEffect.SendPacket send when !_isCut && (_key.HasSecret || IPAddress.IsLoopback(send.To.Address)):
                Send(_codec.Encode(send.Packet, cluster), send.To);
                break;
            case SwimEffect.RequestSync sync:
                _syncs.Request(() => TrySync(sync.With));
                break;
            case SwimEffect.RequestSeedSync:
                _syncs.Request(SyncWithSeed);
                break;
            case SwimEffect.ReportStatus report:
                _metrics.CountSaid(report.Status);
                GossipDiscoveryLog.Said(_logger, report.Key, report.Status, report.By);
                break;
            case SwimEffect.ReportSilence:
                _metrics.CountProbeFailed();
                break;
            case SwimEffect.ReportRefutation:
                _metrics.CountRefutation();
                break;
            default:
                break; // Published under the gate, or not to be sent.
        }
    }

    private void Send(byte[] packet, IPEndPoint to)
    {
        _metrics.CountBytes(Packets, "out", packet.Length);
        _packets.Send(packet, to);
    }

    private bool SyncWithSeed()
    {
        var seeds = _seeds.ResolveOthers(Address);
        return seeds.Length > 0 && TrySync(seeds[RandomNumberGenerator.GetInt32(seeds.Length)]);
    }
}
