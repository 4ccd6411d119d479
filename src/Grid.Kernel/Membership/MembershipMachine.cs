using System.Collections.Immutable;
using System.Diagnostics;
using Grid.Spi;

namespace Grid.Kernel.Membership;

/// <summary>
/// Turns consecutive snapshots of the registry into views and changes, and decides when the local node is fenced and
/// when it is a member again. Pure: it holds state, but reads no clock and does nothing; see <see cref="MembershipEffects"/>.
/// </summary>
/// <remarks>
/// A node starts as Joining and becomes Member with the first snapshot that shows its record. Suspended freezes the view.
/// Lost fences the node (Fenced); an attempt to rejoin (Rejoining) ends back in Fenced, or in Registered, and the first
/// snapshot that shows the new record makes it Member again. Loss during Rejoining or Registered spends that
/// incarnation: the next attempt takes another one. A client has no membership to lose: for it, Lost is Suspended.
/// </remarks>
internal sealed class MembershipMachine(NodeInfo? local)
{
    private readonly HashSet<NodeKey> _departed = [];
    private DiscoverySnapshot? _held;
    private long? _versionSeen;
    private bool _isIncarnationSpent;
    private bool _isSuperseded;

    public MembershipPhase Phase { get; private set; } = MembershipPhase.Joining;

    public TopologyView View { get; private set; } = TopologyView.Empty;

    /// <summary>The local record as it is to be registered, with its join order once it is known.</summary>
    public NodeInfo? Local { get; private set; } = local;

    public bool IsFenced => Phase is MembershipPhase.Fenced or MembershipPhase.Rejoining or MembershipPhase.Registered;

    public MembershipStep OnSnapshot(DiscoverySnapshot snapshot)
    {
        RememberDeparted(snapshot);
        var link = Local is null && snapshot.Link == DiscoveryLink.Lost ? DiscoveryLink.Suspended : snapshot.Link;
        var step = (link, IsFenced) switch
        {
            (DiscoveryLink.Lost, _) => Lose(),
            (_, true) => Hold(snapshot),
            (DiscoveryLink.Connected, false) => Accept(snapshot),
            _ => Relink(link),
        };
        AssertInvariants();
        return step;
    }

    /// <summary>The watch broke for good: nothing will tell any more whether the local node is a member.</summary>
    public MembershipStep OnWatchBroken()
    {
        if (Local is null)
        {
            return Relink(DiscoveryLink.Lost);
        }

        var step = Lose();
        return step with { Effects = step.Effects & ~MembershipEffects.ScheduleRejoin };
    }

    /// <summary>An attempt to rejoin begins.</summary>
    /// <returns>The record to register.</returns>
    public NodeInfo OnRejoinStarted()
    {
        Expect(MembershipPhase.Fenced);
        if (_isIncarnationSpent)
        {
            Local = Local! with { Incarnation = Local.Incarnation + 1, JoinOrder = 0 };
            _isIncarnationSpent = false;
        }

        Phase = MembershipPhase.Rejoining;
        return Local!;
    }

    /// <summary>The attempt failed; the next one registers the same record unless it was lost meanwhile.</summary>
    public void OnRejoinFailed()
    {
        Expect(MembershipPhase.Rejoining);
        Phase = MembershipPhase.Fenced;
    }

    /// <summary>The record is registered; the next snapshot that shows it lifts the fence.</summary>
    public MembershipStep OnRejoined()
    {
        Expect(MembershipPhase.Rejoining);
        if (_isIncarnationSpent)
        {
            Phase = MembershipPhase.Fenced;
            return MembershipStep.Only(MembershipEffects.ScheduleRejoin);
        }

        // The registry may have been made anew in between: its versions count from here.
        Phase = MembershipPhase.Registered;
        _versionSeen = null;
        var step = _held is { } held ? Hold(held) : MembershipStep.Nothing;
        AssertInvariants();
        return step;
    }

    /// <summary>The local node has, or is to have at its next registration, another state.</summary>
    public void OnStateSet(NodeState state) =>
        Local = (Local ?? throw new InvalidOperationException("A client has no state to set: it is not a member.")) with { State = state };

    private MembershipStep Lose()
    {
        switch (Phase)
        {
            case MembershipPhase.Joining or MembershipPhase.Member:
                Phase = MembershipPhase.Fenced;
                _isIncarnationSpent = true;
                _isSuperseded = false;
                View = new TopologyView(View.Version, View.Nodes, DiscoveryLink.Lost);
                return MembershipStep.Only(MembershipEffects.Fence | MembershipEffects.PublishView | MembershipEffects.ScheduleRejoin);
            case MembershipPhase.Registered:
                Phase = MembershipPhase.Fenced;
                _isIncarnationSpent = true;
                _held = null;
                return MembershipStep.Only(MembershipEffects.ScheduleRejoin);
            case MembershipPhase.Rejoining:
                _isIncarnationSpent = true;
                _held = null;
                return MembershipStep.Nothing;
            case MembershipPhase.Fenced:
                return MembershipStep.Nothing;
            default:
                throw new InvalidOperationException($"Unknown phase {Phase}.");
        }
    }

    private MembershipStep Hold(DiscoverySnapshot snapshot)
    {
        var shows = Phase == MembershipPhase.Registered && snapshot.Link == DiscoveryLink.Connected && FindLocal(snapshot) is not null;
        if (!shows)
        {
            _held = snapshot;
            return MembershipStep.Nothing;
        }

        _held = null;
        Phase = MembershipPhase.Joining;
        var step = Accept(snapshot);
        return step with { Effects = step.Effects | MembershipEffects.LiftFence };
    }

    private MembershipStep Accept(DiscoverySnapshot snapshot)
    {
        if (snapshot.Members.IsDefault || (_versionSeen is { } seen && snapshot.Version <= seen))
        {
            return Relink(DiscoveryLink.Connected);
        }

        _versionSeen = snapshot.Version;
        var sieved = SnapshotSieve.Sieve(snapshot);
        var changes = TopologyDiff.Compare(View, sieved.ByName, _departed);
        var effects = ConfirmLocal(snapshot);
        if (changes.Length > 0 || View.Link != DiscoveryLink.Connected)
        {
            View = new TopologyView(View.Version + changes.Length, sieved.ByName.Values, DiscoveryLink.Connected);
            effects |= MembershipEffects.PublishView;
        }

        _departed.Clear();
        return new MembershipStep(effects | ReportSuperseded(), changes, sieved.Quarantined);
    }

    private MembershipEffects ConfirmLocal(DiscoverySnapshot snapshot)
    {
        if (Phase != MembershipPhase.Joining || (Local is not null && FindLocal(snapshot) is null))
        {
            return MembershipEffects.None;
        }

        Phase = MembershipPhase.Member;
        Local = Local is null ? null : Local with { JoinOrder = FindLocal(snapshot)!.JoinOrder };
        return MembershipEffects.ConfirmLocal;
    }

    private MembershipEffects ReportSuperseded()
    {
        var wasSuperseded = _isSuperseded;
        _isSuperseded = Phase == MembershipPhase.Member && Local is not null && View.Find(Local.Id) is null
            && View.Nodes.Any(node => node.Name == Local.Name);
        return _isSuperseded && !wasSuperseded ? MembershipEffects.ReportSuperseded : MembershipEffects.None;
    }

    private MembershipStep Relink(DiscoveryLink link)
    {
        if (View.Link == link)
        {
            return MembershipStep.Nothing;
        }

        View = new TopologyView(View.Version, View.Nodes, link);
        return MembershipStep.Only(MembershipEffects.PublishView);
    }

    private NodeInfo? FindLocal(DiscoverySnapshot snapshot) =>
        snapshot.Members.IsDefault ? null : snapshot.Members.FirstOrDefault(member => member is { JoinOrder: > 0 } && member.Key == Local?.Key);

    // What a provider says only once must survive the snapshots whose members are not taken.
    private void RememberDeparted(DiscoverySnapshot snapshot)
    {
        foreach (var key in snapshot.Departed.IsDefault ? [] : snapshot.Departed)
        {
            if (View.Find(key.Id)?.Key == key)
            {
                _departed.Add(key);
            }
        }
    }

    private void Expect(MembershipPhase phase)
    {
        if (Phase != phase)
        {
            throw new InvalidOperationException($"The membership is {Phase}, not {phase}.");
        }
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(Local is not null || !IsFenced, "A client is never fenced.");
        Debug.Assert(!IsFenced || View.Link == DiscoveryLink.Lost, "A fenced node's view is marked Lost.");
        Debug.Assert(_held is null || IsFenced, "A snapshot is held only behind the fence.");
        Debug.Assert(View.Nodes.Select(node => node.Name).Distinct(StringComparer.Ordinal).Count() == View.Nodes.Length, "Names are unique.");
        Debug.Assert(_departed.All(key => View.Find(key.Id)?.Key == key), "Only members in the view can be about to leave it.");
    }
}
