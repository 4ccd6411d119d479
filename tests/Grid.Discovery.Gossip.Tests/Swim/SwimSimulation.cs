using System.Collections.Immutable;
using System.Net;
using Grid.Discovery.Gossip.Swim;
using Grid.Discovery.Gossip.Wire;

namespace Grid.Discovery.Gossip.Tests.Swim;

/// <summary>
/// Many machines on one virtual clock: packets take 0.2 to 2 ms and some are lost; a slow node runs for 10 to 60 s and then stands still for 0.5 to 5 s (or another length), while its packets wait. Exchanges
/// over TCP are not lost. All chance comes from one seed.
/// </summary>
internal sealed class SwimSimulation
{
    private static readonly TimeSpan StallMin = TimeSpan.FromSeconds(0.5);
    private readonly Random _random;
    private readonly SwimMachine[] _machines;
    private readonly TimeSpan[] _stuckUntil;
    private readonly bool[] _isCrashed;
    private readonly TimeSpan[] _tickAt;
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly double _loss;
    private readonly TimeSpan _stallMax;
    private long _order;

    public SwimSimulation(int nodes, double loss, int slow, int seed, TimeSpan? stallMax = null)
    {
        _random = new Random(seed);
        _loss = loss;
        _stallMax = stallMax ?? TimeSpan.FromSeconds(5);
        Settings = new SwimSettings();
        _machines = [.. Enumerable.Range(0, nodes).Select(_ => new SwimMachine(Settings, new Random(_random.Next())))];
        _stuckUntil = new TimeSpan[nodes];
        _isCrashed = new bool[nodes];
        _tickAt = new TimeSpan[nodes];
        JoinAll();
        for (var i = 0; i < slow; i++)
        {
            ScheduleStall(i);
        }
    }

    public SwimSettings Settings { get; }

    public TimeSpan Now { get; private set; }

    public long Packets { get; private set; }

    public long Suspicions { get; private set; }

    public long PacketBytesSum { get; private set; }

    public int PacketBytesMax { get; private set; }

    /// <summary>Living nodes that were declared dead.</summary>
    public HashSet<int> FalselyRemoved { get; } = [];

    /// <summary>When each node learnt that a crashed one is dead.</summary>
    public Dictionary<int, TimeSpan> Learnt { get; } = [];

    public IReadOnlyList<SwimMachine> Machines => _machines;

    public void Crash(int node)
    {
        _isCrashed[node] = true;
        Learnt.Clear();
    }

    public void RunUntil(TimeSpan end, Func<bool>? isDone = null)
    {
        while (_events.TryPeek(out _, out var next) && next.At <= end && isDone?.Invoke() != true)
        {
            var action = _events.Dequeue();
            Now = next.At;
            action();
        }

        Now = isDone?.Invoke() == true ? Now : end;
    }

    private void JoinAll()
    {
        for (var i = 0; i < _machines.Length; i++)
        {
            _machines[i].Join(KeyOf(i), RecordOf(i), AddressOf(i), TimeSpan.Zero);
            _machines[i].TakeEffects();
        }

        // Everybody knows everybody: the run begins in the steady state, once the news of it has died down.
        ImmutableArray<MemberUpdate> all = [.. _machines.Select(machine => machine.Self!)];
        for (var i = 0; i < _machines.Length; i++)
        {
            _machines[i].Merge(all, 1, TimeSpan.Zero);
            _machines[i].ForgetNews();
            _machines[i].TakeEffects();
            Reschedule(i);
        }
    }

    private void Schedule(TimeSpan at, Action action) => _events.Enqueue(action, (at, _order++));

    private void Reschedule(int node)
    {
        var at = _machines[node].DueAt;
        at = at < Now ? Now : at;
        if (at == TimeSpan.MaxValue || (_tickAt[node] > Now && _tickAt[node] <= at))
        {
            return;
        }

        _tickAt[node] = at;
        Schedule(at, () => Tick(node, at));
    }

    private void Tick(int node, TimeSpan at)
    {
        if (_isCrashed[node] || _tickAt[node] != at)
        {
            return;
        }

        if (_stuckUntil[node] > Now)
        {
            _tickAt[node] = _stuckUntil[node];
            Schedule(_stuckUntil[node], () => Tick(node, _tickAt[node]));
            return;
        }

        _tickAt[node] = TimeSpan.Zero;
        _machines[node].OnTick(Now);
        CarryOut(node);
    }

    private void CarryOut(int node)
    {
        foreach (var effect in _machines[node].TakeEffects())
        {
            switch (effect)
            {
                case SwimEffect.SendPacket send:
                    Send(node, send);
                    break;
                case SwimEffect.RequestSync sync:
                    Sync(node, IndexOf(sync.With));
                    break;
                case SwimEffect.RequestSeedSync:
                    Sync(node, _random.Next(_machines.Length));
                    break;
                case SwimEffect.ReportStatus { Status: MemberStatus.Suspect }:
                    Suspicions++;
                    break;
                case SwimEffect.ReportStatus { Status: MemberStatus.Dead } dead:
                    Note(node, (int)(ulong)dead.Key.Id.Value - 1);
                    break;
            }
        }

        Reschedule(node);
    }

    private void Note(int node, int dead)
    {
        if (_isCrashed[dead])
        {
            Learnt.TryAdd(node, Now);
        }
        else
        {
            FalselyRemoved.Add(dead);
        }
    }

    private void Send(int from, SwimEffect.SendPacket send)
    {
        Packets++;
        var bytes = send.Packet.Updates.Sum(update => update.Bytes);
        PacketBytesSum += bytes;
        PacketBytesMax = Math.Max(PacketBytesMax, bytes);
        if (_random.NextDouble() >= _loss)
        {
            var to = IndexOf(send.To);
            Schedule(Now + TimeSpan.FromMilliseconds(0.2 + (1.8 * _random.NextDouble())), () => Deliver(from, to, send.Packet));
        }
    }

    private void Deliver(int from, int to, SwimPacket packet)
    {
        if (_isCrashed[to])
        {
            return;
        }

        if (_stuckUntil[to] > Now)
        {
            Schedule(_stuckUntil[to], () => Deliver(from, to, packet));
            return;
        }

        _machines[to].OnPacket(packet, AddressOf(from), Now);
        CarryOut(to);
    }

    private void Sync(int from, int with)
    {
        if (from == with || _isCrashed[with] || _stuckUntil[with] > Now || _machines[from].Self is null || _machines[with].Self is null)
        {
            return;
        }

        var (mine, theirs) = (_machines[from], _machines[with]);
        if (mine.Digest != theirs.Digest)
        {
            var request = mine.ToSync(default, KeyOf(from).Id, isFull: true);
            var reply = theirs.ToSync(default, KeyOf(with).Id, isFull: true);
            theirs.Merge(request.Updates, request.Clock, Now);
            mine.Merge(reply.Updates, reply.Clock, Now);
        }

        mine.OnSynced(Now, Now);
        Schedule(Now, () => CarryOut(from));
        Schedule(Now, () => CarryOut(with));
    }

    private void ScheduleStall(int node) => Schedule(Now + TimeSpan.FromSeconds(10 + (50 * _random.NextDouble())), () =>
    {
        _stuckUntil[node] = Now + StallMin + ((_stallMax - StallMin) * _random.NextDouble());
        Schedule(_stuckUntil[node], () => ScheduleStall(node));
    });

    private static NodeKey KeyOf(int node) => new(new NodeId((UInt128)(ulong)(node + 1)), 1);

    private static NodeInfo RecordOf(int node) => new() { Id = KeyOf(node).Id, Name = $"node-{node}", Slots = 4, Endpoints = [new NodeEndpoint("10.0.0.1", 47100)] };

    private static IPEndPoint AddressOf(int node) => new(new IPAddress([10, 0, (byte)(node >> 8), (byte)node]), 47200);

    private static int IndexOf(IPEndPoint address)
    {
        var bytes = address.Address.GetAddressBytes();
        return (bytes[2] << 8) | bytes[3];
    }
}
