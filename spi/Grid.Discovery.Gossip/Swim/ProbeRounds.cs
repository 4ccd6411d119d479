using System.Net;
using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Swim;

/// <summary>
/// SWIM's failure detector: each round pings the next member of a shuffled list, asks some others to ping it when there is no answer, and accuses it at the end of the
/// round. (Das, Gupta, Motivala: SWIM, DSN 2002; with the local health of Dadgar, Phillips, Currey: Lifeguard, DSN-W 2018.)
/// </summary>
internal sealed class ProbeRounds(SwimContext context)
{
    private const int RelaysMax = 1024;
    private const double NackShare = 0.8;
    private readonly Dictionary<ulong, Relay> _relays = [];
    private readonly Queue<NodeId> _order = new();
    private Probe? _probe;
    private (ulong Nonce, TimeSpan SentAt) _extra;
    private TimeSpan _extraAt;
    private TimeSpan _roundAt;

    /// <summary>When something is due next.</summary>
    public TimeSpan DueAt { get; private set; }

    /// <summary>When the latest ping was sent that was answered: until then this node could be heard.</summary>
    public TimeSpan ContactAt { get; private set; }

    /// <summary>Starts with a round at a moment by chance, so that nodes that start together do not beat together.</summary>
    public void Start(TimeSpan now)
    {
        Forget();
        ContactAt = now;
        _roundAt = now + (context.Settings.ProbeInterval * context.Random.NextDouble());
        SetDue(now);
    }

    /// <summary>Gives the round up without accusing: this node itself was away.</summary>
    public void Forget()
    {
        _probe = null;
        _relays.Clear();
    }

    /// <summary>An exchange over TCP that began then has succeeded.</summary>
    public void OnContact(TimeSpan sentAt) => ContactAt = sentAt > ContactAt ? sentAt : ContactAt;

    /// <summary>Does what is due; returns the membership that did not answer, if a round ended with one.</summary>
    public NodeKey? OnTick(TimeSpan now)
    {
        NodeKey? silent = null;
        if (_probe is { } probe && now >= probe.IndirectAt && !probe.IsAcknowledged && !probe.IsIndirect)
        {
            AskOthers(probe);
        }

        if (now >= _roundAt)
        {
            silent = EndRound();
            BeginRound(now);
        }

        NackAndForget(now);
        KeepContact(now);
        SetDue(now);
        return silent;
    }

    /// <summary>Takes a packet, after its updates.</summary>
    public void OnPacket(SwimPacket packet, IPEndPoint from, TimeSpan now)
    {
        switch (packet.Kind)
        {
            case PacketKind.Ping:
                context.Send(PacketKind.Ack, packet.From.Id, from, packet.Nonce);
                break;
            case PacketKind.PingRequest:
                OnPingRequest(packet, from, now);
                break;
            case PacketKind.Ack:
                OnAck(packet);
                break;
            case PacketKind.Nack:
                OnNack(packet);
                break;
            default:
                break; // Its updates were all.
        }
    }

    private void OnPingRequest(SwimPacket packet, IPEndPoint from, TimeSpan now)
    {
        if (_relays.Count >= RelaysMax)
        {
            return;
        }

        var nonce = context.NewNonce();
        var settings = context.Settings;
        _relays[nonce] = new Relay(
            packet.From.Id, from, packet.Nonce, now + (settings.ProbeTimeout * NackShare), now + (settings.ProbeInterval * (settings.HealthMax + 1)), IsNacked: false);
        context.Send(PacketKind.Ping, packet.Subject, packet.SubjectAddress!, nonce);
        SetDue(now);
    }

    private void OnAck(SwimPacket packet)
    {
        if (_probe is { } probe && probe.Nonce == packet.Nonce)
        {
            probe.IsAcknowledged = true;
            OnContact(probe.SentAt);
        }
        else if (packet.Nonce == _extra.Nonce && packet.Nonce != 0)
        {
            OnContact(_extra.SentAt);
            _extra = default;
        }
        else if (_relays.Remove(packet.Nonce, out var relay))
        {
            context.Send(PacketKind.Ack, relay.Requester, relay.RequesterAddress, relay.RequesterNonce);
        }
    }

    private void OnNack(SwimPacket packet)
    {
        if (_probe is { } probe && probe.Nonce == packet.Nonce)
        {
            // Somebody heard the request, so this node can be heard, whatever is the matter with the subject.
            probe.NacksReceived++;
            OnContact(probe.SentAt);
        }
    }

    private void AskOthers(Probe probe)
    {
        probe.IsIndirect = true;
        if (context.Table.Find(probe.Target.Id) is not { IsLive: true } target)
        {
            return;
        }

        foreach (var other in context.PickOthers(context.Settings.IndirectProbes, probe.Target.Id))
        {
            probe.NacksExpected++;
            context.Send(PacketKind.PingRequest, other.Said.Key.Id, other.Said.Address, probe.Nonce, (probe.Target.Id, target.Said.Address));
        }
    }

    private NodeKey? EndRound()
    {
        if (_probe is not { } probe)
        {
            return null;
        }

        _probe = null;
        if (probe.IsAcknowledged)
        {
            context.Health.Add(-1);
            return null;
        }

        context.Add(new SwimEffect.ReportSilence(probe.Target));
        context.Health.Add(probe.NacksExpected == 0 ? 1 : Math.Max(0, probe.NacksExpected - probe.NacksReceived));
        return probe.Target;
    }

    private void BeginRound(TimeSpan now)
    {
        var interval = context.Health.Scale(context.Settings.ProbeInterval);
        _roundAt = now + interval;
        if (NextTarget() is not { } target)
        {
            return;
        }

        _probe = new Probe(target.Said.Key, context.NewNonce(), now)
        {
            IndirectAt = now + context.Health.Scale(context.Settings.ProbeTimeout),
            EndsAt = now + interval,
        };
        context.Send(PacketKind.Ping, target.Said.Key.Id, target.Said.Address, _probe.Nonce);
    }

    /// <summary>The next of the shuffled list that still lives: each is probed once before any is probed again.</summary>
    private Member? NextTarget()
    {
        for (var pass = 0; pass < 2; pass++)
        {
            while (_order.TryDequeue(out var id))
            {
                if (context.Table.Find(id) is { IsLive: true } member)
                {
                    return member;
                }
            }

            var ids = context.Table.Live.Select(member => member.Said.Key.Id).ToArray();
            context.Random.Shuffle(ids);
            Array.ForEach(ids, _order.Enqueue);
        }

        return null;
    }

    private void NackAndForget(TimeSpan now)
    {
        foreach (var (nonce, relay) in _relays.Where(pair => now >= (pair.Value.IsNacked ? pair.Value.EndsAt : pair.Value.NackAt)).ToArray())
        {
            if (relay.IsNacked)
            {
                _relays.Remove(nonce);
                continue;
            }

            _relays[nonce] = relay with { IsNacked = true };
            context.Send(PacketKind.Nack, relay.Requester, relay.RequesterAddress, relay.RequesterNonce);
        }
    }

    /// <summary>Pings somebody beside the rounds when the last answer is old: it accuses nobody, and shows that this node can be heard.</summary>
    private void KeepContact(TimeSpan now)
    {
        if (now < ExtraDueAt)
        {
            return;
        }

        _extraAt = now + (context.Settings.ProbeInterval / 2);
        foreach (var other in context.PickOthers(1, Unanswered))
        {
            _extra = (context.NewNonce(), now);
            context.Send(PacketKind.Ping, other.Said.Key.Id, other.Said.Address, _extra.Nonce);
        }
    }

    /// <summary>Whoever owes an answer already, unless there is nobody else to ask: of two others one that is silent would often be asked twice.</summary>
    private NodeId Unanswered => _probe is { IsAcknowledged: false } probe && context.Table.Live.Count > 1 ? probe.Target.Id : default;

    private TimeSpan ExtraDueAt
    {
        get
        {
            var oldAt = ContactAt + (context.Settings.SuspicionMin(context.Participants) / 4);
            return context.Table.Live.Count == 0 ? TimeSpan.MaxValue : oldAt > _extraAt ? oldAt : _extraAt;
        }
    }

    private void SetDue(TimeSpan now)
    {
        DueAt = ExtraDueAt < _roundAt ? ExtraDueAt : _roundAt;
        if (_probe is { IsAcknowledged: false, IsIndirect: false } probe && probe.IndirectAt < DueAt)
        {
            DueAt = probe.IndirectAt;
        }

        foreach (var relay in _relays.Values)
        {
            var at = relay.IsNacked ? relay.EndsAt : relay.NackAt;
            DueAt = at < DueAt ? at : DueAt;
        }

        DueAt = DueAt < now ? now : DueAt;
    }
}
