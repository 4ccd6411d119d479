using System.Collections.Immutable;
using System.Net;
using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Swim;

/// <summary>
/// One node's part in the group. It joins with a join order after all that it heard of, probes, spreads news, and ends its membership in one of two ways: it says
/// that it leaves, or it learns that it was given up. To be suspected is no end: it answers with a higher version. A node that hears nobody although there are two or more
/// suspends itself and accuses nobody, until the others must have given it up; then its membership is lost. With one other the silence is taken for the other's
/// death, because nobody can tell. Time and packets go in, effects come out; has one owner.
/// </summary>
internal sealed class SwimMachine
{
    private static readonly TimeSpan Never = TimeSpan.MaxValue;
    private readonly SwimContext _context;
    private readonly Suspicions _suspicions;
    private readonly NewsRounds _news;
    private long _published;
    private byte[] _record = [];
    private NodeId _process;
    private long _selfVersion;

    public SwimMachine(SwimSettings settings, Random random)
    {
        _context = new SwimContext(settings, random);
        _suspicions = new Suspicions(_context);
        _news = new NewsRounds(_context);
        Rounds = new ProbeRounds(_context);
    }

    public MemberTable Table => _context.Table;

    public DiscoveryLink Link { get; private set; } = DiscoveryLink.Connected;

    /// <summary>What this node says of itself; <see langword="null"/> without a membership.</summary>
    public MemberUpdate? Self => _context.Self;

    /// <summary>The version of the view.</summary>
    public long ViewVersion => Table.Version + _selfVersion;

    /// <summary>Lifeguard's score of this node: 0 is healthy.</summary>
    public int HealthScore => _context.Health.Score;

    /// <summary>Until when nobody can have given this node up as long as news reaches it; the least time is for one that has no membership.</summary>
    public TimeSpan HeldUntil =>
        Self is null ? TimeSpan.MinValue : Table.Live.Count == 0 ? Never : Rounds.ContactAt + _context.Settings.SuspicionMin(_context.Participants);

    /// <summary>When <see cref="OnTick"/> is due.</summary>
    public TimeSpan DueAt => Self is null ? Never : SwimContext.Earliest(
        Rounds.DueAt, _news.DueAt, Table.Suspects.Count == 0 || Link != DiscoveryLink.Connected ? Never : Table.Suspects.Min(_suspicions.DueAt));

    private ProbeRounds Rounds { get; }

    public ImmutableArray<SwimEffect> TakeEffects() => _context.TakeEffects();

    /// <summary>Begins a membership; <paramref name="local"/> is <see langword="null"/> for a seed without jobs.</summary>
    public void Join(NodeKey key, NodeInfo? local, IPEndPoint address, TimeSpan now)
    {
        _process = key.Id;
        _record = local is null ? [] : MemberRecord.Encode(local);
        var order = Table.NextJoinOrder(key);
        Table.AdvanceClock(Table.Clock + 1);
        Say(new MemberUpdate(key, 1, MemberStatus.Alive, address, order, local is null ? 0 : RecordHash.Of(_record), _record, default));
        Link = DiscoveryLink.Connected;
        _selfVersion++;
        _news.Start(now);
        Rounds.Start(now);
        Publish();
    }

    /// <summary>Says something new of this node.</summary>
    public void Update(NodeInfo local, TimeSpan now)
    {
        _record = MemberRecord.Encode(local);
        Say(Self! with { Version = Self!.Version + 1, RecordHash = RecordHash.Of(_record), Record = _record });
        _selfVersion++;
        _news.GossipNow(now);
        Publish();
    }

    /// <summary>Ends the membership on purpose and says so to some at once; the caller also tells somebody over TCP.</summary>
    public MemberUpdate? Leave(TimeSpan now)
    {
        if (Self is not { } self)
        {
            return null;
        }

        var farewell = self with { Version = self.Version + 1, Status = MemberStatus.Left, Record = default };
        _context.Queue.Add(farewell);
        foreach (var other in _context.PickOthers(_context.Settings.GossipNodes * 4))
        {
            _context.Send(PacketKind.Gossip, other.Said.Key.Id, other.Said.Address, 0);
        }

        _context.Self = null;
        Table.Sweep(now);
        return farewell;
    }

    public void OnTick(TimeSpan now)
    {
        if (Self is null)
        {
            return;
        }

        ForgiveOwnPause(now);
        if (Rounds.OnTick(now) is { } silent && Table.Find(silent.Id) is { IsLive: true } member && member.Said.Key == silent)
        {
            Hear(member.Said with { Status = MemberStatus.Suspect, Accuser = Self.Key.Id, Record = default }, null, now);
        }

        CheckLink(now);
        BuryDue(now);
        if (Self is not null)
        {
            _news.OnTick(now, Link == DiscoveryLink.Connected);
        }
    }

    public void OnPacket(SwimPacket packet, IPEndPoint from, TimeSpan now)
    {
        if (Self is null || packet.To != Self.Key.Id || packet.From.Id == Self.Key.Id)
        {
            return;
        }

        foreach (var update in packet.Updates)
        {
            Hear(update, from, now);
        }

        if (Self is null)
        {
            PublishIfNew();
            return;
        }

        AskStranger(packet, from, now);
        var isAccused = packet.Updates.Any(update => update.Key == Self.Key && update.Status == MemberStatus.Suspect);
        _context.Accuser = isAccused ? packet.From.Id : default;
        Rounds.OnPacket(packet, from, now);
        _context.Accuser = default;
        CheckLink(now);
        PublishIfNew();
    }

    /// <summary>Takes over what an exchange brought; what is news is spread on.</summary>
    public void Merge(ImmutableArray<MemberUpdate> updates, long clock, TimeSpan now)
    {
        Table.AdvanceClock(clock);
        foreach (var update in updates)
        {
            Hear(update, null, now);
        }

        PublishIfNew();
    }

    /// <summary>An exchange that this node began then has succeeded.</summary>
    public void OnSynced(TimeSpan beganAt, TimeSpan now)
    {
        if (Self is not null)
        {
            Rounds.OnContact(beganAt);
            CheckLink(now);
        }
    }

    /// <summary>Everything this node knows, itself included.</summary>
    public SyncMessage ToSync(ClusterId cluster, NodeId process, bool isFull) => new(
        cluster, process, Digest, Table.Clock, !isFull ? [] : Self is { } self ? Table.ToUpdates().Add(self) : Table.ToUpdates());

    /// <summary>Of the table and of what the node says of itself.</summary>
    public ulong Digest => Self is { } self ? Table.Digest ^ MemberTable.HashOf(self) : Table.Digest;

    /// <summary>Members with this node, in the order of joining.</summary>
    public DiscoverySnapshotContent ToView(NodeInfo? local) => new(
        ViewVersion,
        local is null || Self is null && Link == DiscoveryLink.Connected
            ? Table.ToView()
            : [.. Table.ToView().Add(local).OrderBy(info => info.JoinOrder).ThenBy(info => info.Id)],
        Table.TakeDeparted());

    /// <summary>Judges a member dead for all, as a test or an operator may.</summary>
    public void Condemn(NodeKey key, TimeSpan now)
    {
        if (Self is { } self && Table.Find(key.Id) is { IsLive: true } member && member.Said.Key == key)
        {
            Hear(member.Said with { Status = MemberStatus.Dead, Accuser = self.Key.Id, Record = default }, null, now);
            PublishIfNew();
        }
    }

    /// <summary>For simulations that begin in the steady state: nothing is left to be spread.</summary>
    internal void ForgetNews() => _context.Queue.Clear();

    private void Say(MemberUpdate update)
    {
        _context.Self = update;
        _context.Queue.Add(update);
    }

    private void Hear(MemberUpdate update, IPEndPoint? from, TimeSpan now)
    {
        if (update.Key.Id == _process)
        {
            HearOfSelf(update);
            return;
        }

        if (Table.TryConfirm(update))
        {
            _context.Queue.Add(update);
            return;
        }

        switch (Table.Apply(update, now))
        {
            case TableChange.Applied:
                Told(update, now);
                break;
            case TableChange.RecordMissing when from is not null:
                _news.Ask(from, now);
                break;
        }
    }

    private void Told(MemberUpdate update, TimeSpan now)
    {
        _context.Queue.Add(update);
        _news.OnNews(now);
        if (update.Status != MemberStatus.Alive)
        {
            _context.Add(new SwimEffect.ReportStatus(update.Key, update.Status, update.Accuser));
        }
        else
        {
            BuryPredecessor(update, now);
        }
    }

    /// <summary>An address belongs to one process: who joined later holds it, so the earlier one is dead without a suspicion.</summary>
    private void BuryPredecessor(MemberUpdate update, TimeSpan now)
    {
        if (Table.FindRival(update) is { } other)
        {
            var (older, younger) = other.Said.JoinOrder < update.JoinOrder ? (other.Said, update) : (update, other.Said);
            Hear(older with { Status = MemberStatus.Dead, Accuser = younger.Key.Id, Record = default }, null, now);
        }
    }

    private void HearOfSelf(MemberUpdate update)
    {
        Table.AdvanceClock(update.JoinOrder >> MemberTable.ClockShift);
        if (Self is not { } self || update.Key.Incarnation != self.Key.Incarnation)
        {
            return;
        }

        if (update.Status is MemberStatus.Dead or MemberStatus.Left)
        {
            _context.Add(new SwimEffect.ReportStatus(update.Key, update.Status, update.Accuser));
            Lose();
        }
        else if (update.Status == MemberStatus.Suspect && update.Version >= self.Version)
        {
            _context.Health.Add(1);
            Say(self with { Version = update.Version + 1 });
            _context.Add(new SwimEffect.ReportRefutation());
        }
    }

    private void Lose()
    {
        _context.Self = null;
        _context.Queue.Clear();
        Rounds.Forget();
        Link = DiscoveryLink.Lost;
        Publish();
    }

    private void AskStranger(SwimPacket packet, IPEndPoint from, TimeSpan now)
    {
        if (Table.Find(packet.From.Id) is null)
        {
            _news.Ask(from, now);
        }
    }

    /// <summary>A node that did not run for a while (a pause of the process) has no right to blame others for the silence.</summary>
    private void ForgiveOwnPause(TimeSpan now)
    {
        var late = now - DueAt;
        if (late > _context.Settings.ProbeInterval)
        {
            _context.Health.Add(1);
            Rounds.Forget();
            _suspicions.Postpone(late);
        }
    }

    private void CheckLink(TimeSpan now)
    {
        var silence = now - Rounds.ContactAt;
        var least = _context.Settings.SuspicionMin(_context.Participants);
        if (Link == DiscoveryLink.Connected && Table.Live.Count >= 2 && silence > least / 2)
        {
            Link = DiscoveryLink.Suspended;
            _news.SyncNow(now);
            Publish();
        }
        else if (Link == DiscoveryLink.Suspended && silence <= least / 2)
        {
            Link = DiscoveryLink.Connected;
            _news.SyncNow(now);
            _suspicions.Postpone(least);
            Publish();
        }
        else if (Link == DiscoveryLink.Suspended && silence > _context.Settings.SuspicionMax(_context.Participants) + _context.Settings.ProbeInterval)
        {
            Lose();
        }
    }

    private void BuryDue(TimeSpan now)
    {
        if (Link != DiscoveryLink.Connected || Self is not { } self)
        {
            return;
        }

        foreach (var suspect in Table.Suspects.ToArray())
        {
            if (now < _suspicions.DeathOf(suspect))
            {
                _suspicions.OnTick(suspect, now);
                continue;
            }

            Hear(suspect.Said with { Status = MemberStatus.Dead, Accuser = self.Key.Id, Record = default }, null, now);
        }

        PublishIfNew();
    }

    private void PublishIfNew()
    {
        if (_published != ViewVersion)
        {
            Publish();
        }
    }

    private void Publish()
    {
        _published = ViewVersion;
        _context.Add(new SwimEffect.PublishView());
    }
}
