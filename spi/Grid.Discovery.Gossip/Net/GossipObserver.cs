using System.Collections.Immutable;
using System.Net;
using Grid.Discovery.Gossip.Swim;
using Grid.Discovery.Gossip.Wire;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Discovery.Gossip.Net;

/// <summary>
/// A client's view: it asks a member or a seed for everything, over and over, and takes part in nothing. All its state belongs to its one thread. When its link is Suspended, nobody
/// has answered for three intervals; the last view stays.
/// </summary>
internal sealed class GossipObserver : IDisposable
{
    private const int MissesMax = 3;
    private readonly GossipDiscoveryOptions _options;
    private readonly ProviderServices _services;
    private readonly ILogger _logger;
    private readonly ClusterKey _key;
    private readonly SeedList _seeds;
    private readonly SnapshotBoard _board;
    private readonly GossipDiscoveryMetrics _metrics;
    private readonly WorkThread _thread;
    private readonly MemberTable _table;
    private readonly long _epoch;
    private ClusterId _cluster;
    private DiscoverySnapshot? _shown;
    private TimeSpan _askAt = TimeSpan.MaxValue;
    private int _misses;
    private volatile bool _isCut;

    public GossipObserver(GossipDiscoveryOptions options, ProviderServices services, SnapshotBoard board)
    {
        (_options, _services, _board) = (options, services, board);
        _logger = services.Loggers.CreateLogger("Grid.Discovery.Gossip");
        _key = new ClusterKey(options.Secret, options.Cluster);
        _seeds = new SeedList(options, _logger);
        _table = new MemberTable(options.ToSettings());
        _metrics = new GossipDiscoveryMetrics(services.Meters);
        _epoch = services.Time.GetTimestamp();
        _thread = new WorkThread("grid-gossip-client", Tick, exception => GossipDiscoveryLog.Unexpected(_logger, exception));
    }

    /// <summary>For tests: nothing comes in and nothing goes out.</summary>
    internal bool IsCut
    {
        get => _isCut;
        set => _isCut = value;
    }

    private TimeSpan Now => _services.Time.GetElapsedTime(_epoch);

    public async Task<ClusterId> StartAsync(CancellationToken ct)
    {
        await _seeds.StartAsync(own: null, ct).ConfigureAwait(false);
        return await _thread.RunAsync(() =>
        {
            new ClusterSearch(_options, _services.Time, _services.Random).Run(Ask, ct);
            _askAt = Now + _options.ClientInterval;
            return _cluster;
        }).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _thread.Dispose();
        _metrics.Dispose();
    }

    private TimeSpan Tick()
    {
        if (Now >= _askAt)
        {
            _misses = Ask() is null ? _misses + 1 : 0;
            if (_misses >= MissesMax && _shown is { Link: DiscoveryLink.Connected } shown)
            {
                GossipDiscoveryLog.LinkGone(_logger, DiscoveryLink.Suspended);
                Show(shown with { Departed = [], Link = DiscoveryLink.Suspended });
            }

            _askAt = Now + (_options.ClientInterval * (0.75 + (_services.Random.NextDouble() / 2)));
        }

        return _askAt == TimeSpan.MaxValue ? _askAt : _askAt - Now;
    }

    /// <summary>Asks some, one after the other, until one answers.</summary>
    private IPEndPoint? Ask()
    {
        const int AskedMax = 4;
        IPEndPoint[] addresses = [.. _seeds.Resolve().Concat(_table.Live.Select(member => member.Said.Address)).Distinct()];
        _services.Random.Shuffle(addresses);
        return addresses.Take(_table.Live.Count == 0 ? addresses.Length : AskedMax).FirstOrDefault(TryAsk);
    }

    private bool TryAsk(IPEndPoint address)
    {
        if (_isCut || (!_key.HasSecret && !IPAddress.IsLoopback(address.Address)))
        {
            return false;
        }

        try
        {
            var reply = SyncLink.Exchange(address, new SyncMessage(_cluster, default, _table.Digest, 0, []), _key, _services.Time, _metrics);
            if (reply.Cluster == default || (_cluster != default && reply.Cluster != _cluster))
            {
                return false;
            }

            Take(reply);
            return true;
        }
        catch (IOException exception)
        {
            _metrics.CountExchangeFailed();
            GossipDiscoveryLog.ExchangeFailed(_logger, address, exception.Message);
            return false;
        }
    }

    private void Take(SyncMessage reply)
    {
        _cluster = reply.Cluster;
        foreach (var update in reply.Updates)
        {
            _table.Apply(update, Now);
        }

        _table.Sweep(Now);
        _metrics.Show(_table.Live.Count, _table.Suspects.Count, health: 0);
        ImmutableArray<NodeKey> departed = _table.TakeDeparted();
        if (_shown is null || _shown.Version != _table.Version || _shown.Link != DiscoveryLink.Connected || departed.Length > 0)
        {
            Show(new DiscoverySnapshot(_table.Version, _table.ToView(), departed, DiscoveryLink.Connected));
        }
    }

    private void Show(DiscoverySnapshot snapshot)
    {
        _shown = snapshot;
        _board.Publish(snapshot);
    }
}
