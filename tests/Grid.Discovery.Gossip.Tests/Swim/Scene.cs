using System.Collections.Immutable;
using System.Net;
using Grid.Discovery.Gossip.Swim;
using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Tests.Swim;

/// <summary>One machine that knows some others, whose part the test plays.</summary>
internal sealed class Scene
{
    public static readonly NodeKey Me = new(new NodeId(1000), 1);

    public Scene(int others, SwimSettings? settings = null, int seed = 7)
    {
        Settings = settings ?? new SwimSettings();
        Machine = new SwimMachine(Settings, new Random(seed));
        Machine.Join(Me, RecordOf(Me), AddressOf(1000), TimeSpan.Zero);
        Machine.Merge([.. Enumerable.Range(1, others).Select(node => Alive(node))], 1, TimeSpan.Zero);
        Machine.TakeEffects();
    }

    public SwimSettings Settings { get; }

    public SwimMachine Machine { get; }

    public TimeSpan Now { get; private set; }

    public static NodeKey KeyOf(int node) => new(new NodeId((UInt128)(uint)node), 1);

    public static IPEndPoint AddressOf(int node) => new(IPAddress.Loopback, node);

    public static MemberUpdate Alive(int node, uint version = 1, int? address = null, long order = 1)
    {
        var record = MemberRecord.Encode(RecordOf(KeyOf(node)));
        return new MemberUpdate(KeyOf(node), version, MemberStatus.Alive, AddressOf(address ?? node), order << 24, RecordHash.Of(record), record, default);
    }

    public static MemberUpdate Suspect(int node, int accuser, uint version = 1) =>
        Alive(node, version) with { Status = MemberStatus.Suspect, Accuser = KeyOf(accuser).Id, Record = default };

    public static NodeInfo RecordOf(NodeKey key) => new() { Id = key.Id, Incarnation = key.Incarnation, Name = $"node-{key.Id.ToShortString()}" };

    public MemberStatus? StatusOf(int node) => Machine.Table.Find(KeyOf(node).Id)?.Said.Status;

    /// <summary>Lets time pass; living others answer pings at once if they are said to.</summary>
    public List<SwimEffect> RunUntil(TimeSpan end, Func<int, bool> answers)
    {
        var seen = new List<SwimEffect>();
        while (Machine.DueAt is var due && due <= end)
        {
            Now = due > Now ? due : Now;
            Machine.OnTick(Now);
            var effects = Machine.TakeEffects();
            seen.AddRange(effects);
            foreach (var ping in effects.OfType<SwimEffect.SendPacket>().Where(send => send.Packet.Kind == PacketKind.Ping && answers(send.To.Port)))
            {
                Hear(ping.To.Port, PacketKind.Ack, ping.Packet.Nonce);
            }
        }

        Now = end;
        return seen;
    }

    public ImmutableArray<SwimEffect> Hear(int from, PacketKind kind, ulong nonce = 0, params ImmutableArray<MemberUpdate> updates)
    {
        Machine.OnPacket(new SwimPacket(kind, KeyOf(from), Me.Id, nonce, default, null, updates), AddressOf(from), Now);
        return Machine.TakeEffects();
    }
}
