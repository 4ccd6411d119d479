using System.Collections.Immutable;
using System.Net;
using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Swim;

/// <summary>
/// Who is known, by process. An update wins by its incarnation (a membership), then by being final, then by its version, then by being a suspicion. Has one owner.
/// </summary>
internal sealed class MemberTable(SwimSettings settings)
{
    /// <summary>The lower bits of a join order, which tell nodes apart that join at once.</summary>
    public const int ClockShift = 24;

    private readonly Dictionary<NodeId, Member> _members = [];
    private readonly List<Member> _live = [];
    private readonly Dictionary<IPEndPoint, Member> _byAddress = [];
    private readonly List<NodeKey> _departed = [];

    /// <summary>Alive and suspected, in no order.</summary>
    public IReadOnlyList<Member> Live => _live;

    /// <summary>Those of the living that are suspected.</summary>
    public HashSet<Member> Suspects { get; } = [];

    /// <summary>Grows when the visible members change.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>The same on all nodes that know the same, suspicions apart.</summary>
    public ulong Digest { get; private set; }

    /// <summary>The greatest count of joins heard of (a Lamport clock).</summary>
    public long Clock { get; private set; }

    public Member? Find(NodeId id) => _members.GetValueOrDefault(id);

    /// <summary>Who of the living, other than this process, claims its address.</summary>
    public Member? FindRival(MemberUpdate update) =>
        _byAddress.TryGetValue(update.Address, out var member) && member.IsLive && member.Said.Key.Id != update.Key.Id && member.Said.Address.Equals(update.Address) ? member : null;

    /// <summary>The join order of a membership that comes after all that were heard of; nodes that join at once are ordered by their keys.</summary>
    public long NextJoinOrder(NodeKey key)
    {
        var mix = unchecked((ulong)key.Id.Value ^ (ulong)(key.Id.Value >> 64)) + (ulong)key.Incarnation;
        return ((Clock + 1) << ClockShift) | (long)(mix & ((1UL << ClockShift) - 1));
    }

    public void AdvanceClock(long clock) => Clock = Math.Max(Clock, Math.Min(clock, long.MaxValue >> (ClockShift + 1)));

    /// <summary>Takes an update over if it is news.</summary>
    public TableChange Apply(MemberUpdate update, TimeSpan now)
    {
        var known = Find(update.Key.Id);
        if (known is null ? _members.Count >= settings.MembersMax : !IsNews(known.Said, update))
        {
            return TableChange.None;
        }

        return update.Status switch
        {
            MemberStatus.Alive => ApplyAlive(known, update),
            MemberStatus.Suspect => ApplySuspect(known, update, now),
            _ => ApplyGone(known, update, now),
        };
    }

    /// <summary>Counts another accuser of a suspect; <see langword="false"/> for one that is known or more than count.</summary>
    public bool TryConfirm(MemberUpdate update) =>
        update.Status == MemberStatus.Suspect
        && Find(update.Key.Id) is { Said.Status: MemberStatus.Suspect } known
        && known.Said.Key == update.Key
        && known.Said.Version == update.Version
        && known.Accusers.Count <= settings.Confirmations
        && known.Accusers.Add(update.Accuser);

    /// <summary>Everything that is known, with the records.</summary>
    public ImmutableArray<MemberUpdate> ToUpdates() => [.. _members.Values.Select(member => member.Said)];

    /// <summary>The visible members in the order of joining.</summary>
    public ImmutableArray<NodeInfo> ToView() =>
        [.. _live.Where(member => member.Info is not null).Select(member => member.Info!).OrderBy(info => info.JoinOrder).ThenBy(info => info.Id)];

    /// <summary>Who left on purpose since this was asked last.</summary>
    public ImmutableArray<NodeKey> TakeDeparted()
    {
        ImmutableArray<NodeKey> departed = [.. _departed];
        _departed.Clear();
        return departed;
    }

    /// <summary>Forgets who is gone for long.</summary>
    public void Sweep(TimeSpan now)
    {
        foreach (var member in _members.Values.Where(member => !member.IsLive && now - member.GoneAt > settings.TombstoneTime).ToArray())
        {
            _members.Remove(member.Said.Key.Id);
            if (_byAddress.GetValueOrDefault(member.Said.Address) == member)
            {
                _byAddress.Remove(member.Said.Address);
            }

            Digest ^= HashOf(member.Said);
        }
    }

    private static bool IsNews(MemberUpdate known, MemberUpdate update)
    {
        if (update.Key.Incarnation != known.Key.Incarnation)
        {
            return update.Key.Incarnation > known.Key.Incarnation;
        }

        return known.Status is MemberStatus.Alive or MemberStatus.Suspect && update.Status switch
        {
            MemberStatus.Alive => update.Version > known.Version,
            MemberStatus.Suspect => update.Version > known.Version || (update.Version == known.Version && known.Status == MemberStatus.Alive),
            _ => true,
        };
    }

    private TableChange ApplyAlive(Member? known, MemberUpdate update)
    {
        NodeInfo? info = null;
        if (!update.IsHidden)
        {
            var isSameRecord = known is { Info: not null } && known.Said.Key == update.Key && known.Said.RecordHash == update.RecordHash;
            info = isSameRecord ? known!.Info : TryDecode(update);
            if (info is null)
            {
                return update.Record.IsEmpty ? TableChange.RecordMissing : TableChange.None;
            }

            update = isSameRecord ? update with { Record = known!.Said.Record } : update;
        }

        var member = known ?? new Member(update);
        var isVisible = !info?.Equals(member.Info) ?? false;
        Replace(member, update, known is not null);
        member.Info = info;
        Version += isVisible ? 1 : 0;
        return TableChange.Applied;
    }

    private TableChange ApplySuspect(Member? known, MemberUpdate update, TimeSpan now)
    {
        if (known is null || known.Said.Key != update.Key)
        {
            // In an exchange of everything the record is there, so the suspect can be told first as alive.
            var alive = ApplyAlive(known, update with { Status = MemberStatus.Alive, Accuser = default });
            if (alive != TableChange.Applied)
            {
                return alive;
            }

            known = Find(update.Key.Id)!;
        }

        Replace(known, known.Said with { Status = MemberStatus.Suspect, Version = update.Version, Accuser = update.Accuser }, isKnown: true);
        known.SuspectedAt = now;
        known.CalledAt = TimeSpan.MinValue;
        known.Accusers.Add(update.Accuser);
        Suspects.Add(known);
        return TableChange.Applied;
    }

    private TableChange ApplyGone(Member? known, MemberUpdate update, TimeSpan now)
    {
        var member = known ?? new Member(update);
        var wasVisible = member.Info is not null;
        Replace(member, update with { Record = default }, known is not null);
        member.Info = null;
        member.GoneAt = now;
        if (update.Status == MemberStatus.Left)
        {
            _departed.Add(update.Key);
        }

        Version += wasVisible ? 1 : 0;
        return TableChange.Applied;
    }

    private void Replace(Member member, MemberUpdate update, bool isKnown)
    {
        Digest ^= (isKnown ? HashOf(member.Said) : 0) ^ HashOf(update);
        member.Said = update;
        member.Accusers.Clear();
        Suspects.Remove(member);
        _members[update.Key.Id] = member;
        AdvanceClock(update.JoinOrder >> ClockShift);
        if (member.IsLive != member.LiveIndex >= 0)
        {
            MoveBetweenLists(member);
        }

        if (FindRival(update) is null)
        {
            _byAddress[update.Address] = member;
        }
    }

    private void MoveBetweenLists(Member member)
    {
        if (member.IsLive)
        {
            member.LiveIndex = _live.Count;
            _live.Add(member);
            return;
        }

        var last = _live[^1];
        _live[member.LiveIndex] = last;
        last.LiveIndex = member.LiveIndex;
        _live.RemoveAt(_live.Count - 1);
        member.LiveIndex = -1;
    }

    private static NodeInfo? TryDecode(MemberUpdate update)
    {
        if (update.Record.IsEmpty)
        {
            return null;
        }

        try
        {
            var info = MemberRecord.Decode(update.Record.Span);
            return info.Key == update.Key ? info with { JoinOrder = update.JoinOrder } : null;
        }
        catch (RecordFormatException)
        {
            return null; // Whoever sent it holds the secret and writes another version; it shows in the sender's own logs.
        }
    }

    public static ulong HashOf(MemberUpdate update)
    {
        var status = update.Status == MemberStatus.Suspect ? MemberStatus.Alive : update.Status;
        var version = update.Status is MemberStatus.Dead or MemberStatus.Left ? 0 : update.Version;
        return RecordHash.Mix(unchecked((ulong)update.Key.Id.Value), unchecked((ulong)update.Key.Incarnation), version, (ulong)status);
    }
}
