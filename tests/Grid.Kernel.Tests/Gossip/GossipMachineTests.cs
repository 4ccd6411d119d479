using Grid.Kernel.Gossip;
using Grid.Kernel.Gossip.Wire;

namespace Grid.Kernel.Tests.Gossip;

public sealed class GossipMachineTests
{
    private static readonly GossipOptions Options = new();
    private static readonly NodeInfo A = Node(1);
    private static readonly NodeInfo B = Node(2);

    [Fact]
    public void A_silent_node_goes_from_fresh_to_stale_to_unknown_and_never_to_zero()
    {
        var simulation = new GossipSimulation(3, seed: 1);
        simulation.Run(4);
        var clock = new Clock(simulation);
        var board = clock.BoardAt(0);
        var seen = new List<MetricsFreshness>();

        simulation.Silence(2);
        for (var period = 0; period < 40; period++)
        {
            simulation.Run(1);
            board.Publish(simulation[0].Entries);
            var reading = board.Find(simulation.Nodes[2].Id)!;
            seen.Add(reading.Freshness);
            Assert.Equal(reading.Freshness == MetricsFreshness.Unknown, reading.Metrics is null);
            Assert.Equal(reading.Freshness == MetricsFreshness.Unknown, reading.Age is null);
            Assert.NotEqual(0, reading.Metrics?.Processors);
        }

        Assert.Equal([MetricsFreshness.Fresh, MetricsFreshness.Stale, MetricsFreshness.Unknown], seen.Distinct());
        Assert.Equal(0u, simulation.Entry(0, 2).Version);
    }

    [Fact]
    public void A_node_that_speaks_again_is_known_again()
    {
        var simulation = new GossipSimulation(3, seed: 2);
        simulation.Run(4);
        simulation.Silence(2);
        simulation.Run(40);
        simulation.Resume(2);

        simulation.Run(4);

        Assert.NotEqual(0u, simulation.Entry(0, 2).Version);
        Assert.NotEqual(0u, simulation.Entry(2, 0).Version);
    }

    [Fact]
    public void Figures_do_not_flicker_when_every_second_beat_is_lost()
    {
        var simulation = new GossipSimulation(4, seed: 3);
        simulation.Run(10);
        var board = new Clock(simulation).BoardAt(0);

        for (var period = 0; period < 200; period++)
        {
            simulation.Silence(3);
            simulation.Run(1);
            simulation.Resume(3);
            simulation.Run(1);
            board.Publish(simulation[0].Entries);
            Assert.All(board.All, reading => Assert.Equal(MetricsFreshness.Fresh, reading.Freshness));
        }
    }

    [Fact]
    public void A_former_incarnation_never_shows_through()
    {
        var (sender, receiver) = (Machine(A), Machine(B));
        sender.OnSample([1, 2, 3], TimeSpan.Zero);
        var wire = new Recorder();
        Converse(receiver, B, sender, A, wire);
        Assert.Equal(1u, Entry(receiver, A).Version);
        sender.OnSample([7, 7, 7], TimeSpan.Zero);
        receiver.OnTick(TimeSpan.Zero, wire);
        sender.OnMessage(B.Key, GossipKinds.Digest, wire.Last, TimeSpan.Zero, wire);

        receiver.OnView(new TopologyView(2, [A with { Incarnation = 2 }, B]));
        Assert.True(receiver.OnMessage(A.Key, GossipKinds.Reply, wire.Last, TimeSpan.Zero, wire));

        Assert.Equal(0u, Entry(receiver, A).Version);
        Assert.Equal(2, Entry(receiver, A).Node.Incarnation);
    }

    [Fact]
    public void Nobody_can_tell_a_node_about_itself()
    {
        var (liar, victim) = (Machine(A), Machine(B));
        var wire = new Recorder();
        victim.OnSample([1], TimeSpan.Zero);
        Converse(liar, A, victim, B, wire);
        Entry(liar, B).Begin(1000, TimeSpan.Zero, 1);
        Entry(liar, B).Merge(0, 99);

        Converse(victim, B, liar, A, wire);

        Assert.Equal(1, Entry(victim, B).Values[0]);
    }

    [Fact]
    public void Only_what_changed_is_sent_again()
    {
        var (sender, receiver) = (Machine(A), Machine(B));
        var wire = new Recorder();
        var figures = Enumerable.Range(1, 30).Select(value => value * 1_000_000_000L).ToArray();
        sender.OnSample(figures, TimeSpan.Zero);
        Converse(receiver, B, sender, A, wire);
        var whole = wire.Last.Length;
        figures[4]++;
        sender.OnSample(figures, TimeSpan.Zero);

        Converse(receiver, B, sender, A, wire);

        Assert.InRange(wire.Last.Length, 1, whole / 4);
        Assert.Equal(figures, Entry(receiver, A).Values.ToArray());
    }

    [Fact]
    public void A_figure_that_is_not_known_any_more_is_told()
    {
        var (sender, receiver) = (Machine(A), Machine(B));
        var wire = new Recorder();
        sender.OnSample([5, 6], TimeSpan.Zero);
        Converse(receiver, B, sender, A, wire);
        sender.OnSample([5, MetricSample.Unknown], TimeSpan.Zero);

        Converse(receiver, B, sender, A, wire);

        Assert.Equal([5, MetricSample.Unknown], Entry(receiver, A).Values.ToArray());
    }

    [Fact]
    public void Age_travels_as_elapsed_time_and_clocks_need_not_agree()
    {
        var (sender, receiver) = (Machine(A), Machine(B));
        sender.OnSample([1], TimeSpan.FromDays(300));
        var wire = new Recorder();

        receiver.OnTick(TimeSpan.FromSeconds(5), wire);
        sender.OnMessage(B.Key, GossipKinds.Digest, wire.Last, TimeSpan.FromDays(300) + TimeSpan.FromSeconds(2), wire);
        receiver.OnMessage(A.Key, GossipKinds.Reply, wire.Last, TimeSpan.FromSeconds(5), wire);

        Assert.Equal(TimeSpan.FromSeconds(2), Entry(receiver, A).AgeAt(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void A_client_hears_of_everybody_and_is_asked_nothing()
    {
        var worker = Machine(A);
        var client = new GossipMachine(Options, new Random(3), local: null);
        client.OnView(new TopologyView(1, [A, B]));
        worker.OnSample([42], TimeSpan.Zero);
        var wire = new Recorder();
        Entry(client, B).Begin(9, TimeSpan.Zero, 1);

        Converse(client, Node(9), worker, A, wire);

        Assert.Equal(42, Entry(client, A).Values[0]);
        Assert.Equal(0u, Entry(worker, B).Version);
    }

    [Fact]
    public void Figures_of_a_later_version_of_Grid_are_kept_and_passed_on()
    {
        var (newer, older) = (Machine(A), Machine(B));
        var wire = new Recorder();
        var figures = Enumerable.Range(1, MetricSample.FieldsMax).Select(value => (long)value).ToArray();
        newer.OnSample(figures, TimeSpan.Zero);

        Converse(older, B, newer, A, wire);

        Assert.Equal(figures, Entry(older, A).Values.ToArray());
        Assert.Equal(1 / 10_000.0, MetricSample.ToMetrics(Entry(older, A).Values).Processors);
    }

    [Fact]
    public void Bytes_that_are_no_message_do_no_harm()
    {
        var random = new Random(4);
        var (sender, receiver) = (Machine(A), Machine(B));
        var wire = new Recorder();
        sender.OnSample([1, 2, 3], TimeSpan.Zero);
        Converse(receiver, B, sender, A, wire);
        byte[] good = [.. wire.Last];
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Damage(good, random);
            var kind = (byte)random.Next(GossipKinds.Digest, GossipKinds.Delta + 2);
            refused += receiver.OnMessage(A.Key, kind, bytes, TimeSpan.Zero, wire) ? 0 : 1;
            Assert.InRange(wire.Last.Length, 0, Options.MessageBytesMax);
        }

        Assert.InRange(refused, 1, 20_000);
        Assert.Equal(2, receiver.Entries.Count);
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        for (var damage = random.Next(1, 4); damage > 0; damage--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static NodeInfo Node(int id) => new() { Id = new NodeId((UInt128)id), Name = $"n{id}", JoinOrder = id };

    private static GossipMachine Machine(NodeInfo node)
    {
        var machine = new GossipMachine(Options, new Random((int)(uint)node.Id.Value), node.Id);
        machine.OnView(new TopologyView(1, [A, B]));
        return machine;
    }

    private static GossipEntry Entry(GossipMachine machine, NodeInfo of) => machine.Entries.Single(entry => entry.Node.Id == of.Id);

    /// <summary>One asks, the other replies. The reply is the last message of the wire.</summary>
    private static void Converse(GossipMachine asker, NodeInfo asking, GossipMachine other, NodeInfo replying, Recorder wire)
    {
        asker.OnTick(TimeSpan.Zero, wire);
        Assert.True(other.OnMessage(asking.Key, GossipKinds.Digest, wire.Last, TimeSpan.Zero, wire));
        byte[] reply = [.. wire.Last];
        Assert.True(asker.OnMessage(replying.Key, GossipKinds.Reply, reply, TimeSpan.Zero, new Recorder()));
    }

    private sealed class Recorder : IGossipTransport
    {
        public byte[] Last { get; private set; } = [];

        public void Send(NodeKey to, byte kind, ReadOnlySpan<byte> payload) => Last = payload.ToArray();
    }

    private sealed class Clock(GossipSimulation simulation)
    {
        public MetricsBoard BoardAt(int index)
        {
            var board = new MetricsBoard(new FixedTopology(simulation.Nodes), Options.Period, () => simulation.Now);
            board.Publish(simulation[index].Entries);
            return board;
        }
    }
}
