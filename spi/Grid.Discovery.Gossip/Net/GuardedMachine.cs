using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Grid.Discovery.Gossip.Swim;
using Grid.Discovery.Gossip.Wire;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Discovery.Gossip.Net;

/// <summary>
/// A machine for any thread, with the cluster that it is in. Packets, ticks and exchanges come on different threads, so one lock guards it; under it nothing is sent, resolved or waited
/// for: effects are handed on after it, but for snapshots, whose order matters.
/// </summary>
internal sealed class GuardedMachine(SwimSettings settings, ProviderServices services, SnapshotBoard board, GossipDiscoveryMetrics metrics, ILogger logger)
{
    private readonly long _epoch = services.Time.GetTimestamp();

    // Guarded by the gate.
    private readonly Lock _gate = new();
    private readonly SwimMachine _machine = new(settings, services.Random);
    private ClusterId _cluster;
    private NodeInfo? _local;
    private DiscoverySnapshot? _shown;
    private TimeSpan _dueAt = TimeSpan.MaxValue;

    // Written under the gate, read by any thread.
    private long _heldUntilTicks = long.MinValue;

    /// <summary>Carries effects out, outside the lock. Set once, before the first event.</summary>
    public Action<SwimEffect, ClusterId> CarryOut { get; set; } = static (_, _) => { };

    /// <summary>Told that something is due sooner than the last tick said. Set once, before the first event.</summary>
    public Action Wake { get; set; } = static () => { };

    /// <summary>The time since this was made.</summary>
    public TimeSpan Now => services.Time.GetElapsedTime(_epoch);

    public bool HoldsMembership => Now.Ticks < Interlocked.Read(ref _heldUntilTicks);

    public ClusterId Cluster
    {
        get
        {
            lock (_gate)
            {
                return _cluster;
            }
        }
    }

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

    /// <summary>Begins a membership in the cluster that was adopted or founded.</summary>
    public void Join(NodeKey key, NodeInfo? local, IPEndPoint address) => Act(now =>
    {
        _local = local is null ? null : local with { JoinOrder = _machine.Table.NextJoinOrder(key) };
        _machine.Join(key, _local, address, now);
    });

    /// <exception cref="InvalidOperationException">The node has no such membership.</exception>
    /// <exception cref="DiscoveryException">Nobody would hear of it.</exception>
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

    /// <summary>Ends the membership on purpose.</summary>
    /// <returns>What to say to some of the others over TCP, and who they are; nothing without a membership.</returns>
    public (SyncMessage? Farewell, ImmutableArray<IPEndPoint> Others) Leave()
    {
        ImmutableArray<IPEndPoint> others = [];
        SyncMessage? farewell = null;
        Act(now =>
        {
            others = [.. _machine.Table.Live.Select(member => member.Said.Address)];
            farewell = _machine.Leave(now) is { } left ? new SyncMessage(_cluster, left.Key.Id, 0, 0, [left]) : null;
        });
        return (farewell, others);
    }

    /// <summary>Gives a member up in the name of all.</summary>
    public void Condemn(NodeKey key) => Act(now => _machine.Condemn(key, now));

    public void OnPacket(SwimPacket packet, IPEndPoint from) => Act(now => _machine.OnPacket(packet, from, now));

    /// <summary>Does what is due.</summary>
    /// <returns>How long until something is due again.</returns>
    public TimeSpan OnTick()
    {
        Act(_machine.OnTick);
        lock (_gate)
        {
            metrics.Show(_machine.Table.Live.Count + (_machine.Self is null ? 0 : 1), _machine.Table.Suspects.Count, _machine.HealthScore);
            _dueAt = _machine.DueAt;
            return _dueAt == TimeSpan.MaxValue ? _dueAt : _dueAt - Now;
        }
    }

    /// <summary>Makes a new cluster, unless there is one already.</summary>
    public ClusterId Found()
    {
        Act(_ => _cluster = _cluster == default ? new ClusterId(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16))) : _cluster);
        return Cluster;
    }

    /// <summary>Takes over what another node knows, and its cluster if there was none; refuses what another cluster says.</summary>
    public bool TryAdopt(SyncMessage reply)
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
        return isOurs;
    }

    /// <summary>Everything that this node knows, to be exchanged.</summary>
    public SyncMessage ToSync()
    {
        lock (_gate)
        {
            return _machine.ToSync(_cluster, _machine.Self?.Key.Id ?? default, isFull: true);
        }
    }

    /// <summary>An exchange that this node began then has succeeded.</summary>
    public void OnSynced(TimeSpan beganAt) => Act(now => _machine.OnSynced(beganAt, now));

    /// <summary>Answers another's exchange.</summary>
    public SyncMessage Answer(SyncMessage request)
    {
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

    /// <summary>The node is closed: from here on it holds nothing.</summary>
    public void Close() => Interlocked.Exchange(ref _heldUntilTicks, long.MinValue);

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
            Wake();
        }
    }

    private void LogLink(DiscoveryLink link)
    {
        if (link == DiscoveryLink.Connected)
        {
            GossipDiscoveryLog.LinkBack(logger);
        }
        else
        {
            GossipDiscoveryLog.LinkGone(logger, link);
        }
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
            LogLink(link);
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

        board.Publish(_shown);
    }
}
