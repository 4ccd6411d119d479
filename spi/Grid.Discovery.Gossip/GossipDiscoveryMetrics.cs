using System.Diagnostics.Metrics;
using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip;

/// <summary>The instruments of the meter <c>Grid.Discovery.Gossip</c>, of one node or client. Without a factory nothing is measured.</summary>
internal sealed class GossipDiscoveryMetrics : IDisposable
{
    private readonly Meter? _meter;
    private readonly Counter<long>? _suspicions;
    private readonly Counter<long>? _deaths;
    private readonly Counter<long>? _refutations;
    private readonly Counter<long>? _probesFailed;
    private readonly Counter<long>? _bytes;
    private readonly Counter<long>? _exchangesFailed;

    // Written by whoever holds the machine, read by whoever collects.
    private int _members;
    private int _suspects;
    private int _health;

    public GossipDiscoveryMetrics(IMeterFactory? meters)
    {
        _meter = meters?.Create("Grid.Discovery.Gossip");
        if (_meter is not { } meter)
        {
            return;
        }

        meter.CreateObservableGauge<int>("grid.swim.members", () => Volatile.Read(ref _members), "{node}", "Nodes and seeds that this one takes for alive, itself included.");
        meter.CreateObservableGauge<int>("grid.swim.suspects", () => Volatile.Read(ref _suspects), "{node}", "Of these, those that are suspected.");
        meter.CreateObservableGauge<int>("grid.swim.health", () => Volatile.Read(ref _health), "{point}", "Lifeguard's score of this node: 0 is healthy; its probes wait (score + 1) times as long.");
        _suspicions = meter.CreateCounter<long>("grid.swim.suspicions", "{suspicion}", "Suspicions heard of, its own included.");
        _deaths = meter.CreateCounter<long>("grid.swim.deaths", "{node}", "Nodes declared dead, by this one or another.");
        _refutations = meter.CreateCounter<long>("grid.swim.refutations", "{refutation}", "Suspicions of this node itself that it contradicted.");
        _probesFailed = meter.CreateCounter<long>("grid.swim.probes_failed", "{probe}", "Probe rounds that ended without an answer, neither directly nor through others.");
        _bytes = meter.CreateCounter<long>("grid.swim.bytes", unit: "By", description: "Packets and exchanges, by transport (udp, tcp) and direction (in, out), without headers.");
        _exchangesFailed = meter.CreateCounter<long>("grid.swim.exchanges_failed", "{exchange}", "Exchanges over TCP that this node began and that failed.");
    }

    /// <summary>How it stands.</summary>
    public void Show(int members, int suspects, int health)
    {
        Volatile.Write(ref _members, members);
        Volatile.Write(ref _suspects, suspects);
        Volatile.Write(ref _health, health);
    }

    public void CountSaid(MemberStatus status)
    {
        (status == MemberStatus.Suspect ? _suspicions : status == MemberStatus.Dead ? _deaths : null)?.Add(1);
    }

    public void CountRefutation() => _refutations?.Add(1);

    public void CountProbeFailed() => _probesFailed?.Add(1);

    public void CountExchangeFailed() => _exchangesFailed?.Add(1);

    public void CountBytes(string transport, string direction, int bytes) => _bytes?.Add(bytes, new("transport", transport), new("direction", direction));

    public void Dispose() => _meter?.Dispose();
}
