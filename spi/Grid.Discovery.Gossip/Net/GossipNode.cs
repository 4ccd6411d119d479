using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Grid.Discovery.Gossip.Swim;
using Grid.Discovery.Gossip.Wire;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Discovery.Gossip.Net;

/// <summary>
/// A machine with its sockets and threads. Packets, ticks and exchanges come on different threads, so one lock guards the machine; under it nothing is sent,
/// resolved or waited for: the machine's effects are carried out after it, but for snapshots, whose order matters.
/// </summary>
internal sealed class GossipNode : IDisposable
{
    private const int ToldMax = 3;
    private readonly GossipDiscoveryOptions _options;
    private readonly ProviderServices _services;
    private readonly ILogger _logger;
    private readonly ClusterKey _key;
    private readonly PacketCodec _codec;
    private readonly SeedList _seeds;
    private readonly SnapshotBoard _board;
    private readonly long _epoch;
    private readonly GossipPort _port;
    private readonly PacketSocket _packets;
    private readonly SyncServer _server;
    private readonly WorkThread _ticks;
    private readonly WorkThread _exchanges;
    private readonly SyncRequests _syncs;

    // Guarded by the gate.
    private readonly Lock _gate = new();
    private readonly SwimMachine _machine;
    private ClusterId _cluster;
    private NodeInfo? _local;
    private DiscoverySnapshot? _shown;
    private TimeSpan _dueAt = TimeSpan.MaxValue;

    // Written under the gate, read by any thread.
    private long _heldUntilTicks = long.MinValue;
    private volatile bool _isCut;

    public GossipNode(GossipDiscoveryOptions options, ProviderServices services, SnapshotBoard board)
    {
        (_options, _services, _board) = (options, services, board);
        _logger = services.Loggers.CreateLogger("Grid.Discovery.Gossip");
        _key = new ClusterKey(options.Secret, options.Cluster);
        _codec = new PacketCodec(_key);
        _seeds = new SeedList(options, _logger);
        _machine = new SwimMachine(options.ToSettings(), services.Random);
        _epoch = services.Time.GetTimestamp();
        _port = GossipPort.Open(options.ListenAddress);
        var advertised = options.AdvertiseAddress ?? _port.Address;
        Address = advertised.Port == 0 ? new IPEndPoint(advertised.Address, _port.Address.Port) : advertised;
        _ticks = new WorkThread("grid-gossip", Tick, exception => GossipDiscoveryLog.Unexpected(_logger, exception));
        _exchanges = new WorkThread("grid-gossip-sync", static () => TimeSpan.MaxValue, exception => GossipDiscoveryLog.Unexpected(_logger, exception));
        _syncs = new SyncRequests(_exchanges);
        _packets = new PacketSocket(_port.Packets, OnPacket);
        _server = new SyncServer(_port.Listener, _key, services.Time, Answer);
    }

    /// <summary>Where the others find this node.</summary>
    public IPEndPoint Address { get; }

    public bool HoldsMembership => Now.Ticks < Interlocked.Read(ref _heldUntilTicks);

    /// <summary>For tests: nothing comes in and nothing goes out.</summary>
    internal bool IsCut
    {
        get => _isCut;
        set => _isCut = value;
    }

    private ClusterId Cluster
    {
        get
        {
            lock (_gate)
            {
                return _cluster;
            }
        }
    }

    private TimeSpan Now => _services.Time.GetElapsedTime(_epoch);

    /// <summary>Finds the cluster or founds it, and becomes a part of it.</summary>
    public Task<ClusterId> JoinAsync(NodeKey key, NodeInfo? local, CancellationToken ct) => _exchanges.RunAsync(() => Join(key, local, ct));

    public void Update(NodeInfo local) => Act(now =>
    {
        if (_machine.Self is not { } self || self.Key != local.Key)
        {
            throw new InvalidOperationException($"The record of {local} cannot be updated: this provider holds no such membership (it is a client, or the membership is lost).");
        }

        if (_machine.Link != DiscoveryLink.Connected)
        {
            throw new DiscoveryException($"The record of {local} cannot be updated: no other node answers. Repeat the call when the link is connected again.");
        }

        _ = MemberRecord.Encode(local);
        _local = local with { JoinOrder = self.JoinOrder };
        _machine.Update(_local, now);
    });

    /// <summary>The membership that the node has now.</summary>
    public NodeKey? Membership
    {
        get
        {
            lock (_gate)
            {
                return _machine.Self?.Key;
            }
        }
    }

    public Task LeaveAsync(CancellationToken ct) => _exchanges.RunAsync(() =>
    {
        ImmutableArray<IPEndPoint> others = [];
        SyncMessage? farewell = null;
        Act(now =>
        {
            others = [.. _machine.Table.Live.Select(member => member.Said.Address)];
            if (_machine.Leave(now) is { } left)
            {
                farewell = new SyncMessage(_cluster, left.Key.Id, 0, 0, [left]);
            }
        });
        SayGoodBye(farewell, others, ct);
        return true;
    });

    /// <summary>For tests: gives a member up in the name of all.</summary>
    internal void Condemn(NodeKey key) => Act(now => _machine.Condemn(key, now));

    public void Dispose()
    {
        _packets.Dispose();
        _server.Dispose();
        _ticks.Dispose();
        _exchanges.Dispose();
        Interlocked.Exchange(ref _heldUntilTicks, long.MinValue);
    }

    private ClusterId Join(NodeKey key, NodeInfo? local, CancellationToken ct)
    {
        var search = new ClusterSearch(_options, _services.Time, _services.Random);
        var seed = search.Run(FindCluster, ct);
        Act(now =>
        {
            var order = _machine.Table.NextJoinOrder(key);
            _local = local is null ? null : local with { JoinOrder = order };
            _machine.Join(key, _local, Address, now);
        });
        GossipDiscoveryLog.Joined(_logger, key, _options.Cluster, _cluster, Address);
        if (!seed.Equals(Address))
        {
            Introduce(seed, key);
        }

        return _cluster;
    }

    /// <summary>All seeds that answer know the node when it has started; the one that let it in must.</summary>
    private void Introduce(IPEndPoint seed, NodeKey key)
    {
        if (!TrySync(seed) && !_seeds.ResolveOthers(Address).Any(TrySync))
        {
            Act(now => _machine.Leave(now));
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
            if (TryExchange(seed, new SyncMessage(_cluster, default, 0, 0, [])) is { } reply && reply.Cluster != default && TryAdopt(seed, reply))
            {
                return seed;
            }
        }

        if (!_seeds.IsFounder(Address) || _isCut)
        {
            return null;
        }

        Act(_ => _cluster = _cluster == default ? new ClusterId(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16))) : _cluster);

        GossipDiscoveryLog.Founded(_logger, _options.Cluster, _cluster);
        return Address;
    }

    private bool TryAdopt(IPEndPoint seed, SyncMessage reply)
    {
        var isOurs = false;
        Act(now =>
        {
            isOurs = _cluster == default || _cluster == reply.Cluster;
            if (isOurs)
            {
                _cluster = reply.Cluster;
                _machine.Merge(reply.Updates, reply.Clock, now);
            }
        });
        if (!isOurs)
        {
            GossipDiscoveryLog.OtherCluster(_logger, seed, reply.Cluster, _cluster);
        }

        return isOurs;
    }

    private bool TrySync(IPEndPoint address)
    {
        SyncMessage message;
        var beganAt = Now;
        lock (_gate)
        {
            message = _machine.ToSync(_cluster, _machine.Self?.Key.Id ?? default, isFull: true);
        }

        if (TryExchange(address, message) is not { } reply || reply.Cluster == default || !TryAdopt(address, reply))
        {
            return false;
        }

        Act(now => _machine.OnSynced(beganAt, now));
        return true;
    }

    private SyncMessage? TryExchange(IPEndPoint address, SyncMessage message)
    {
        try
        {
            var reply = _isCut ? throw new IOException("This node was cut off by a test.") : SyncLink.Exchange(address, message, _key, _services.Time);
            return _isCut ? null : reply;
        }
        catch (IOException exception)
        {
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

    private SyncMessage Answer(SyncMessage request)
    {
        if (_isCut)
        {
            throw new IOException("This node was cut off by a test.");
        }

        SyncMessage? reply = null;
        Act(now =>
        {
            var isIn = _machine.Self is not null;
            var isOurs = isIn && (request.Cluster == _cluster || request.Cluster == default);
            if (isOurs)
            {
                _machine.Merge(request.Updates, request.Clock, now);
            }

            reply = isOurs ? _machine.ToSync(_cluster, _machine.Self!.Key.Id, request.Digest != _machine.Digest)
                : new SyncMessage(isIn ? _cluster : default, default, 0, 0, []);
        });
        return reply!;
    }

    private void OnPacket(ReadOnlyMemory<byte> data, IPEndPoint from)
    {
        if (_isCut || (!_key.HasSecret && !IPAddress.IsLoopback(from.Address)))
        {
            return;
        }

        if (_codec.TryDecode(data.Span, Cluster) is { } packet)
        {
            Act(now => _machine.OnPacket(packet, from, now));
        }
    }

    private TimeSpan Tick()
    {
        Act(_machine.OnTick);
        lock (_gate)
        {
            _dueAt = _machine.DueAt;
            return _dueAt == TimeSpan.MaxValue ? _dueAt : _dueAt - Now;
        }
    }

    /// <summary>One event of the machine, and what follows from it.</summary>
    private void Act(Action<TimeSpan> action)
    {
        ImmutableArray<SwimEffect> effects;
        ClusterId cluster;
        bool isSooner;
        lock (_gate)
        {
            action(Now);
            effects = _machine.TakeEffects();
            cluster = _cluster;
            Interlocked.Exchange(ref _heldUntilTicks, _machine.HeldUntil.Ticks);
            isSooner = _machine.DueAt < _dueAt;
            _dueAt = isSooner ? _machine.DueAt : _dueAt;
            if (effects.Any(effect => effect is SwimEffect.PublishView))
            {
                PublishNeedsLock();
            }
        }

        foreach (var effect in effects)
        {
            CarryOut(effect, cluster);
        }

        if (isSooner)
        {
            _ticks.Wake();
        }
    }

    private void CarryOut(SwimEffect effect, ClusterId cluster)
    {
        switch (effect)
        {
            case SwimEffect.SendPacket send when !_isCut && (_key.HasSecret || IPAddress.IsLoopback(send.To.Address)):
                _packets.Send(_codec.Encode(send.Packet, cluster), send.To);
                break;
            case SwimEffect.RequestSync sync:
                _syncs.Request(() => TrySync(sync.With));
                break;
            case SwimEffect.RequestSeedSync:
                _syncs.Request(SyncWithSeed);
                break;
            case SwimEffect.ReportStatus report:
                GossipDiscoveryLog.Said(_logger, report.Key, report.Status, report.By);
                break;
            default:
                break; // Published under the gate, or not to be sent.
        }
    }

    private bool SyncWithSeed()
    {
        var seeds = _seeds.ResolveOthers(Address);
        return seeds.Length > 0 && TrySync(seeds[RandomNumberGenerator.GetInt32(seeds.Length)]);
    }

    private void PublishNeedsLock()
    {
        if (_machine.Self is null && _shown is null)
        {
            return; // Not joined yet.
        }

        var link = _machine.Link;
        if (_shown is not null && link != _shown.Link)
        {
            GossipDiscoveryLog.LinkChanged(_logger, link);
        }

        if (_shown is not null && link != DiscoveryLink.Connected)
        {
            _shown = _shown with { Departed = [], Link = link }; // The last view stays in force.
        }
        else if (_machine.Self is not null)
        {
            var view = _machine.ToView(_local);
            _shown = new DiscoverySnapshot(view.Version, view.Members, view.Departed, link);
        }
        else
        {
            return; // It leaves.
        }

        _board.Publish(_shown);
    }
}
