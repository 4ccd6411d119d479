using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Grid.Spi;

namespace Grid.Discovery.InMemory;

/// <summary>
/// The registrations of one cluster and the sessions that watch them. One lock guards it all, the sessions' fields
/// included; under it nothing is awaited, and a session is only signalled.
/// </summary>
internal sealed class InMemoryCluster
{
    private readonly Lock _gate = new();
    private readonly HashSet<InMemorySession> _sessions = [];
    private ImmutableDictionary<NodeId, NodeInfo> _members = ImmutableDictionary<NodeId, NodeInfo>.Empty;
    private ImmutableDictionary<NodeKey, byte[]> _metrics = ImmutableDictionary<NodeKey, byte[]>.Empty;
    private long _version;
    private long _joins;

    public ClusterId Id { get; } = new(BinaryPrimitives.ReadUInt128LittleEndian(RandomNumberGenerator.GetBytes(16)));

    /// <summary>Attaches a session and registers its node, if it has one.</summary>
    public void Attach(InMemorySession session, NodeInfo? local)
    {
        lock (_gate)
        {
            ThrowIfSuspendedNeedsLock(session);
            if (local is not null)
            {
                RegisterNeedsLock(session, local);
            }

            _sessions.Add(session);
            session.Link = DiscoveryLink.Connected;
            session.Signal();
        }
    }

    public void Update(InMemorySession session, NodeInfo local)
    {
        lock (_gate)
        {
            if (session.Registered is not { } registered || registered != local.Key)
            {
                throw new InvalidOperationException($"The record of {local} cannot be updated: this provider holds no such membership (it is a client, or the membership is lost).");
            }

            ThrowIfSuspendedNeedsLock(session);
            _members = _members.SetItem(local.Id, local with { JoinOrder = _members[local.Id].JoinOrder });
            AnnounceNeedsLock(departed: null);
        }
    }

    /// <summary>Keeps the metrics of a session's member. Nobody is told.</summary>
    public void WriteMetrics(InMemorySession session, byte[] metrics)
    {
        lock (_gate)
        {
            ThrowIfSuspendedNeedsLock(session);
            var key = session.Registered
                ?? throw new InvalidOperationException("Metrics cannot be written: this provider holds no membership (it is a client, or the membership is lost).");
            _metrics = _metrics.SetItem(key, metrics);
        }
    }

    public IReadOnlyList<MemberMetrics> ReadMetrics(InMemorySession session)
    {
        lock (_gate)
        {
            ThrowIfSuspendedNeedsLock(session);
            return [.. _metrics.Select(pair => new MemberMetrics(pair.Key, pair.Value))];
        }
    }

    public void Rejoin(InMemorySession session, NodeInfo local)
    {
        lock (_gate)
        {
            ThrowIfSuspendedNeedsLock(session);
            if (session.Registered is { } registered)
            {
                // The reply of an earlier attempt was lost: registered already, or under an incarnation that was given up since.
                if (registered == local.Key)
                {
                    return;
                }

                RemoveNeedsLock(session, isDeparture: false);
            }

            RegisterNeedsLock(session, local);
            session.Link = DiscoveryLink.Connected;
            session.Signal();
        }
    }

    /// <summary>Ends a session; as a departure or, without a good-bye, as a loss.</summary>
    public void Detach(InMemorySession session, bool isDeparture)
    {
        lock (_gate)
        {
            // First the session, so that it does not watch itself go. A good-bye that does not reach the registry is none.
            _sessions.Remove(session);
            session.End();
            RemoveNeedsLock(session, isDeparture && session.Link == DiscoveryLink.Connected);
        }
    }

    public void Suspend(InMemorySession session)
    {
        lock (_gate)
        {
            if (session.Link == DiscoveryLink.Connected)
            {
                session.Frozen = SnapshotNeedsLock(session) with { Departed = [] };
            }

            session.IsSuspended = true;
            session.Link = session.Link == DiscoveryLink.Lost ? DiscoveryLink.Lost : DiscoveryLink.Suspended;
            session.Signal();
        }
    }

    public void Resume(InMemorySession session)
    {
        lock (_gate)
        {
            session.IsSuspended = false;
            session.Link = session.Link == DiscoveryLink.Lost ? DiscoveryLink.Lost : DiscoveryLink.Connected;
            session.Signal();
        }
    }

    public void Expire(InMemorySession session)
    {
        lock (_gate)
        {
            if (session.Registered is not null)
            {
                session.Frozen = SnapshotNeedsLock(session) with { Departed = [] };
                session.Link = DiscoveryLink.Lost;
                RemoveNeedsLock(session, isDeparture: false);
                session.Signal();
            }
        }
    }

    /// <summary>Whether the session's node is registered and knows of no loss.</summary>
    public bool HoldsMembership(InMemorySession session)
    {
        lock (_gate)
        {
            return session.Registered is not null;
        }
    }

    /// <summary>What the session is to see now, or <see langword="null"/> when it has ended. Departures are told once.</summary>
    public DiscoverySnapshot? TakeSnapshot(InMemorySession session)
    {
        lock (_gate)
        {
            if (session.IsEnded)
            {
                return null;
            }

            var snapshot = SnapshotNeedsLock(session);
            if (session.Link == DiscoveryLink.Connected)
            {
                session.Departed.Clear();
                session.Shown = _members;
            }

            return snapshot;
        }
    }

    private DiscoverySnapshot SnapshotNeedsLock(InMemorySession session) => session.Link == DiscoveryLink.Connected
        ? new DiscoverySnapshot(_version, [.. _members.Values.OrderBy(member => member.JoinOrder)], [.. session.Departed], DiscoveryLink.Connected)
        : (session.Frozen ?? new DiscoverySnapshot(0, [], [], session.Link)) with { Link = session.Link };

    private void RegisterNeedsLock(InMemorySession session, NodeInfo local)
    {
        if (_members.TryGetValue(local.Id, out var holder))
        {
            throw new DiscoveryException($"{local} cannot be registered: {holder} is, under the same node id. Start each node with an id of its own.");
        }

        _members = _members.Add(local.Id, local with { JoinOrder = ++_joins });
        session.Registered = local.Key;
        AnnounceNeedsLock(departed: null);
    }

    private void RemoveNeedsLock(InMemorySession session, bool isDeparture)
    {
        if (session.Registered is not { } key)
        {
            return;
        }

        session.Registered = null;
        _members = _members.Remove(key.Id);
        _metrics = _metrics.Remove(key);
        AnnounceNeedsLock(isDeparture ? key : null);
    }

    private void AnnounceNeedsLock(NodeKey? departed)
    {
        _version++;
        foreach (var session in _sessions)
        {
            if (departed is { } key && session.Shown.ContainsKey(key.Id))
            {
                session.Departed.Add(key);
            }

            session.SignalUnlessFrozen();
        }
    }

    private static void ThrowIfSuspendedNeedsLock(InMemorySession session)
    {
        if (session.IsSuspended)
        {
            throw new DiscoveryException("The registry of this process does not answer this node: it was suspended by a test. Resume it and repeat the call.");
        }
    }
}
