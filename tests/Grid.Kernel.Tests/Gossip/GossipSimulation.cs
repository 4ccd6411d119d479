using Grid.Kernel.Gossip;

namespace Grid.Kernel.Tests.Gossip;

/// <summary>
/// Many machines on a virtual clock. Each has a phase of its own within the period; a message arrives after a latency drawn from a seed, or is lost. Every node measures itself each
/// period, so that there is as much to spread as in life.
/// </summary>
internal sealed class GossipSimulation
{
    private readonly PriorityQueue<Event, (TimeSpan At, long Order)> _events = new();
    private readonly List<GossipMachine> _machines = [];
    private readonly HashSet<int> _silent = [];
    private readonly GossipOptions _options;
    private readonly Random _random;
    private readonly int _fields;
    private readonly double _loss;
    private long _order;

    public GossipSimulation(int nodes, int seed, GossipOptions? options = null, int fields = 24, double loss = 0)
    {
        _options = options ?? new GossipOptions();
        _random = new Random(seed);
        _fields = fields;
        _loss = loss;
        Nodes = [.. Enumerable.Range(0, nodes).Select(index => new NodeInfo { Id = new NodeId(((UInt128)(uint)_random.Next() << 64) + (uint)index + 1), Name = $"n{index}", JoinOrder = index + 1 })];
        for (var index = 0; index < nodes; index++)
        {
            var machine = new GossipMachine(_options, new Random(_random.Next()), Nodes[index].Id);
            machine.OnView(new TopologyView(1, Nodes));
            _machines.Add(machine);
            Schedule(_options.Period * _random.NextDouble(), new Event(index));
        }
    }

    public NodeInfo[] Nodes { get; }

    public TimeSpan Now { get; private set; }

    public long BytesSent { get; private set; }

    public int LargestMessageBytes { get; private set; }

    public GossipMachine this[int index] => _machines[index];

    /// <summary>A node does nothing any more: it neither measures nor sends nor hears.</summary>
    public void Silence(int index) => _silent.Add(index);

    public void Resume(int index) => _silent.Remove(index);

    /// <summary>What a node knows of another.</summary>
    public GossipEntry Entry(int at, int of) => _machines[at].Entries.Single(entry => entry.Node.Id == Nodes[of].Id);

    public void Run(double periods)
    {
        var end = Now + (_options.Period * periods);
        while (_events.TryPeek(out var next, out var when) && when.At <= end)
        {
            _events.Dequeue();
            Now = when.At;
            Perform(next);
        }

        Now = end;
    }

    private void Perform(Event next)
    {
        var isSilent = _silent.Contains(next.Node);
        if (next.Payload is not null)
        {
            if (!isSilent && !_machines[next.Node].OnMessage(Nodes[next.From].Key, next.Kind, next.Payload, Now, new Wire(this, next.Node)))
            {
                throw new InvalidOperationException($"{Nodes[next.Node].Name} could not read a message of {Nodes[next.From].Name}.");
            }

            return;
        }

        Schedule(_options.Period, next);
        if (!isSilent)
        {
            _machines[next.Node].OnSample(MakeSample(), Now);
            _machines[next.Node].OnTick(Now, new Wire(this, next.Node));
        }
    }

    // Every figure changes: the busiest that a grid can be.
    private long[] MakeSample() => [.. Enumerable.Range(0, _fields).Select(_ => _random.NextInt64(1, 1L << _random.Next(1, 30)))];

    private void Schedule(TimeSpan delay, Event next) => _events.Enqueue(next, (Now + delay, ++_order));

    private readonly record struct Event(int Node, int From = 0, byte Kind = 0, byte[]? Payload = null);

    private sealed class Wire(GossipSimulation simulation, int from) : IGossipTransport
    {
        public void Send(NodeKey to, byte kind, ReadOnlySpan<byte> payload)
        {
            simulation.BytesSent += payload.Length;
            simulation.LargestMessageBytes = Math.Max(simulation.LargestMessageBytes, payload.Length);
            if (simulation._random.NextDouble() >= simulation._loss)
            {
                var target = (int)(uint)to.Id.Value - 1;
                simulation.Schedule(TimeSpan.FromMilliseconds(1 + simulation._random.Next(20)), new Event(target, from, kind, payload.ToArray()));
            }
        }
    }
}
