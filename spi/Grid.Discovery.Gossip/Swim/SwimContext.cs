using System.Collections.Immutable;
using System.Net;
using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Swim;

/// <summary>What the parts of one machine share; has the machine's owner.</summary>
internal sealed class SwimContext(SwimSettings settings, Random random)
{
    private readonly List<SwimEffect> _effects = [];

    public SwimSettings Settings { get; } = settings;

    public Random Random { get; } = random;

    public MemberTable Table { get; } = new(settings);

    public UpdateQueue Queue { get; } = new();

    public LocalHealth Health { get; } = new(settings.HealthMax);

    /// <summary>What the node says of itself; <see langword="null"/> before it joined and after its membership ended.</summary>
    public MemberUpdate? Self { get; set; }

    /// <summary>Who said of this node that it is suspected: the answer to it says otherwise, also when that is no news to others.</summary>
    public NodeId Accuser { get; set; }

    /// <summary>All that take part, the node itself included.</summary>
    public int Participants => Table.Live.Count + 1;

    public void Add(SwimEffect effect) => _effects.Add(effect);

    public ImmutableArray<SwimEffect> TakeEffects()
    {
        ImmutableArray<SwimEffect> effects = [.. _effects];
        _effects.Clear();
        return effects;
    }

    public static TimeSpan Earliest(params ReadOnlySpan<TimeSpan> times)
    {
        var earliest = TimeSpan.MaxValue;
        foreach (var time in times)
        {
            earliest = time < earliest ? time : earliest;
        }

        return earliest;
    }

    public ulong NewNonce() => unchecked((ulong)Random.NextInt64(long.MinValue, long.MaxValue));

    /// <summary>
    /// Sends with as much news as fits. What the receiver must know about itself goes first, however often it was sent: that it is suspected (Lifeguard's buddy
    /// system), so that it can say otherwise, or that it was given up.
    /// </summary>
    public void Send(PacketKind kind, NodeId to, IPEndPoint address, ulong nonce, (NodeId Id, IPEndPoint Address)? subject = null)
    {
        if (Self is not { } self)
        {
            return;
        }

        var updates = ImmutableArray.CreateBuilder<MemberUpdate>();
        var bytes = PacketCodec.UpdateBytesMax;
        if (Table.Find(to) is { Said.Status: not MemberStatus.Alive } about)
        {
            updates.Add(about.Said.ForPacket());
            bytes -= updates[0].Bytes;
        }

        if (to == Accuser && bytes >= self.ForPacket().Bytes)
        {
            updates.Add(self.ForPacket());
            bytes -= updates[^1].Bytes;
        }

        Queue.Take(updates, bytes, Settings.RetransmitMax(Participants));
        Add(new SwimEffect.SendPacket(address, new SwimPacket(kind, self.Key, to, nonce, subject?.Id ?? default, subject?.Address, updates.ToImmutable())));
    }

    /// <summary>Different living members by chance, at most so many.</summary>
    public IEnumerable<Member> PickOthers(int count, NodeId except = default)
    {
        var live = Table.Live;
        var start = live.Count == 0 ? 0 : Random.Next(live.Count);
        var picked = new HashSet<int>();
        for (var attempt = 0; attempt < count * 3 && picked.Count < count && live.Count > 0; attempt++)
        {
            // By chance where there are many; where there are few, one after the other, so that none is missed.
            var index = live.Count > count * 4 ? Random.Next(live.Count) : (start + attempt) % live.Count;
            if (live[index].Said.Key.Id != except && picked.Add(index))
            {
                yield return live[index];
            }
        }
    }
}
