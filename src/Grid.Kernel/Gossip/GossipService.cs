using Grid.Kernel.Gossip.Sampling;
using Grid.Kernel.Gossip.Wire;
using Grid.Kernel.Membership;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Gossip;

/// <summary>
/// Measures the node each period, tells peers and hears from them, and shows what is known of everybody (<see cref="View"/>). The decisions are
/// <see cref="GossipMachine"/>'s; all of it runs on a <see cref="GossipThread"/>.
/// </summary>
internal sealed class GossipService : IMembershipObserver, IMessageHandler, IGossipDuty, IGossipTransport, IMetricsSource, IDisposable
{
    private const int AskedMax = 64;
    private const int ComplaintsMax = 64;

    private readonly GossipParts _parts;
    private readonly ILogger _logger;
    private readonly GossipMachine _machine;
    private readonly GossipThread _thread;
    private readonly GossipMetrics _metrics;
    private readonly MetricsBoard _board;
    private readonly MachineSource? _machineSource;
    private readonly RegistryExchange? _registry;
    private readonly List<IMetricsSource> _sources = [];
    private readonly LatencyHistogram _roundTrips = new();
    private readonly Dictionary<NodeKey, long> _asked = []; // The gossip thread's own.
    private readonly HashSet<NodeKey> _complainedOf = []; // The gossip thread's own.
    private readonly double _firstPart;
    private readonly long _origin;
    private NodeSampler? _sampler;
    private TimeSpan _late;

    public GossipService(GossipOptions options, GossipParts parts)
    {
        _parts = parts;
        _origin = parts.Time.GetTimestamp();
        _logger = parts.Loggers.CreateLogger<GossipService>();
        _firstPart = parts.Random.NextDouble();
        _machine = new GossipMachine(options, parts.Random, parts.LocalId);
        _thread = new GossipThread(parts.Time, options.Period, options.InboxMax);
        _board = new MetricsBoard(parts.Topology, options.Period, Now);
        _metrics = new GossipMetrics(parts.Meters, freshness => _board.All.Count(reading => reading.Freshness == freshness));
        _registry = parts.Registry is null ? null : new RegistryExchange(parts.Registry, parts.Time, options.Period, _logger);
        if (parts.LocalId is not null)
        {
            _machineSource = MachineSource.OfThisSystem();
            _sources.AddRange([_machineSource, new RuntimeSource(parts.Time), new TrafficSource(parts.Messenger), this]);
        }

        foreach (var kind in new[] { GossipKinds.Digest, GossipKinds.Reply, GossipKinds.Delta })
        {
            parts.Messenger.Handle(kind, this);
        }
    }

    /// <summary>What is known of the members.</summary>
    public IMetricsView View => _board;

    /// <summary>Called on the gossip thread after <see cref="View"/> has changed; must not block or throw. Set before <see cref="Start"/>.</summary>
    public Action? Published { get; set; }

    /// <summary>Adds a part of the node that knows figures of its own; before <see cref="Start"/>.</summary>
    public void AddSource(IMetricsSource source) => _sources.Add(source);

    /// <summary>Begins to measure and to speak; the node is a member, or the client knows the members.</summary>
    public void Start()
    {
        _sampler = _parts.LocalId is null ? null : new NodeSampler(_sources);
        _thread.Start(this, _firstPart);
    }

    public void Dispose()
    {
        _thread.Dispose();
        _metrics.Dispose();
        if (_sampler is null)
        {
            _machineSource?.Dispose(); // Never started, so no thread reads the files and will close them.
        }
    }

    /// <inheritdoc/>
    void IMembershipObserver.OnChange(TopologyView view, IReadOnlyList<TopologyChange> changes) => _thread.Post(view);

    /// <inheritdoc/>
    void IMembershipObserver.OnFenced()
    {
        // What the node measures stays true. The others judge it by discovery.
    }

    /// <inheritdoc/>
    void IMembershipObserver.OnRejoined(NodeInfo local)
    {
        // The view that follows has the new incarnation, and with it an entry that begins anew.
    }

    /// <inheritdoc/>
    void IMessageHandler.OnMessage(Peer from, in IncomingMessage message)
    {
        var mail = new GossipMail(from.Node.Key, message.Kind, message.TakePayload(), _parts.Time.GetTimestamp());
        if (!_thread.TryPost(mail))
        {
            mail.Payload.Dispose();
            _metrics.CountDropped();
        }
    }

    /// <inheritdoc/>
    void IGossipDuty.OnView(TopologyView view)
    {
        _machine.OnView(view);
        _board.OnView(view);
    }

    /// <inheritdoc/>
    void IGossipDuty.OnMail(GossipMail mail)
    {
        using var payload = mail.Payload;
        if (mail.Kind == GossipKinds.Reply && _asked.Remove(mail.From, out var askedAt))
        {
            _roundTrips.Record(_parts.Time.GetElapsedTime(askedAt, mail.ArrivedAt));
        }

        if (!_machine.OnMessage(mail.From, mail.Kind, payload.WrittenSpan, Now(), this))
        {
            Complain(mail.From);
        }

        Publish();
    }

    /// <inheritdoc/>
    void IGossipDuty.OnTick(TimeSpan late)
    {
        _late = late;
        if (_sampler is not null)
        {
            _machine.OnSample(_sampler.Measure(Now()), Now());
        }

        Exchange();
        Publish();
    }

    /// <inheritdoc/>
    void IGossipDuty.OnFault(Exception exception) => GossipLog.StepFailed(_logger, exception);

    /// <inheritdoc/>
    void IGossipDuty.OnWoken()
    {
        foreach (var member in _registry?.TakeNews() ?? [])
        {
            if (!_machine.OnPublished(member.Metrics.Span, Now()))
            {
                Complain(member.Node);
            }
        }

        Publish();
    }

    /// <inheritdoc/>
    void IGossipDuty.OnEnd()
    {
        _machineSource?.Dispose();
        _registry?.Dispose();
    }

    /// <inheritdoc/>
    void IGossipTransport.Send(NodeKey to, byte kind, ReadOnlySpan<byte> payload)
    {
        try
        {
            var peer = _parts.Topology.Current.Find(to.Id) is { } member && member.Key == to ? _parts.Messenger.GetPeer(member) : _parts.Messenger.FindPeer(to);
            if (peer is not null && peer.Send(kind, Lane.Control, payload))
            {
                _metrics.CountSent(payload.Length);
                Note(to, kind);
                return;
            }
        }
        catch (CommunicationException)
        {
            // Too many peers, or the node is stopping: like a message that is lost.
        }

        _metrics.CountDropped();
    }

    /// <inheritdoc/>
    void IMetricsSource.Sample(MetricSample sample, TimeSpan elapsed)
    {
        _roundTrips.Advance();
        sample.SetMs(MetricField.PeerRoundTripP50Ms, _roundTrips.PercentileMs(0.5) ?? double.NaN);
        sample.SetMs(MetricField.PeerRoundTripP99Ms, _roundTrips.PercentileMs(0.99) ?? double.NaN);
        sample.SetMs(MetricField.TimerLatenessMs, _late.TotalMilliseconds);
    }

    /// <summary>Counts each, and logs the first of each peer: they would come every period.</summary>
    private void Complain(NodeKey peer)
    {
        _metrics.CountMalformed();
        if (_complainedOf.Count < ComplaintsMax && _complainedOf.Add(peer))
        {
            GossipLog.Malformed(_logger, peer);
        }
    }

    private void Exchange()
    {
        if (_registry is null)
        {
            _machine.OnTick(Now(), this);
            return;
        }

        _machine.ForgetSilent(Now());
        _registry.Begin(_machine.WriteLocal(Now()), _thread.Wake);
    }

    private void Note(NodeKey to, byte kind)
    {
        if (kind == GossipKinds.Digest)
        {
            if (_asked.Count >= AskedMax)
            {
                _asked.Clear(); // Of peers that never answered.
            }

            _asked[to] = _parts.Time.GetTimestamp();
        }
    }

    private void Publish()
    {
        _board.Publish(_machine.Entries);
        Published?.Invoke();
    }

    private TimeSpan Now() => _parts.Time.GetElapsedTime(_origin);
}
