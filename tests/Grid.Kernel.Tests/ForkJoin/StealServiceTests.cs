using System.Collections.Immutable;
using Grid.Kernel.ForkJoin;
using Grid.Kernel.ForkJoin.Stealing;
using Grid.Kernel.Health;
using Grid.Messaging;
using Grid.Testing.Network;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>A node that has lent a task, and a peer that is played by the test: the home of the computation, and the thief.</summary>
[Trait("Lane", "loopback")]
public sealed class StealServiceTests : IAsyncLifetime, IMessageHandler
{
    private const int AskNumber = 4711;
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);
    private static readonly ClusterId Cluster = new(1);
    private static readonly ComputationId Id = new(EngineProbe.Home, EngineProbe.Number);

    private readonly InMemoryNetwork _network = new();
    private readonly ForkJoinMetrics _metrics = new(null);
    private readonly CancellationTokenSource _end = new();
    private readonly ManualResetEventSlim _join = new();
    private readonly SemaphoreSlim _loot = new(0);
    private readonly List<long> _numbers = [];
    private readonly List<Task> _taking = [];
    private Messenger _node = null!;
    private Messenger _thief = null!;
    private NodeInfo _thiefInfo = null!;
    private NodeInfo _nodeInfo = null!;
    private StealService _service = null!;
    private StealingProbe _stealing = null!;
    private EngineProbe _probe = null!;

    public async Task InitializeAsync()
    {
        _node = CreateMessenger("node");
        _thief = CreateMessenger("thief");
        _service = new StealService(new ForkJoinOptions(), _metrics, new StealParts
        {
            Messenger = _node,
            View = () => View(_nodeInfo, _thiefInfo),
            Health = () => HealthView.Empty,
            LocalNode = () => _nodeInfo,
            Time = TimeProvider.System,
            Seed = 1,
            Loggers = NullLoggerFactory.Instance,
        });
        for (var kind = StealWire.Join; kind <= StealWire.Waiting; kind++)
        {
            _thief.Handle(kind, this);
        }

        _nodeInfo = await StartAsync(_node, "node", new NodeKey(new NodeId(2), 1));
        _thiefInfo = await StartAsync(_thief, "thief", EngineProbe.Home);
        _stealing = new StealingProbe { Inner = _service };
        _probe = new EngineProbe(slots: 1, stealing: _stealing);
        await LendAsync();
    }

    public async Task DisposeAsync()
    {
        _join.Set();
        await _end.CancelAsync();
        foreach (var taking in _taking)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        }

        _probe.Dispose();
        _service.Dispose();
        await _thief.DisposeAsync();
        await _node.DisposeAsync();
        _network.Dispose();
        _metrics.Dispose();
        _end.Dispose();
        _join.Dispose();
        _loot.Dispose();
    }

    [Theory]
    [InlineData(TopologyChangeKind.Left)]
    [InlineData(TopologyChangeKind.Failed)]
    [InlineData(TopologyChangeKind.Restarted)]
    public async Task What_a_member_had_that_is_gone_runs_again(TopologyChangeKind kind)
    {
        var change = kind == TopologyChangeKind.Restarted ? new TopologyChange(2, kind, _thiefInfo with { Incarnation = 2 }, _thiefInfo) : new TopologyChange(2, kind, _thiefInfo);

        _service.OnChange(View(_nodeInfo), [change]);

        await UntilRunAgainAsync();
    }

    [Fact]
    public async Task What_waits_for_a_link_that_cannot_be_made_runs_again()
    {
        var peer = _node.GetPeer(_thiefInfo);
        await _thief.DisposeAsync();
        await Until.HoldsAsync(() => !peer.IsLinked);
        Assert.Equal(0, _metrics.RunAgain);

        _service.OnDialFailed(peer, new CommunicationException("nobody answers"));

        await UntilRunAgainAsync();
    }

    [Fact]
    public async Task An_attempt_that_failed_while_the_link_is_up_takes_nothing_back()
    {
        _service.OnDialFailed(_node.GetPeer(_thiefInfo), new CommunicationException("the other side's own attempt stands"));

        // Its answer comes after what the attempt would have done.
        await LendAsync();
        Assert.Equal(0, _metrics.RunAgain);
    }

    [Fact]
    public async Task A_node_that_takes_part_anew_uses_no_number_again()
    {
        // The former part goes on for a while; an outcome of one of its tasks must not be taken for that of another.
        await LendAsync();

        Assert.Equal(2, _numbers.Distinct().Count());
    }

    void IMessageHandler.OnMessage(Peer from, in IncomingMessage message)
    {
        if (message.Kind == StealWire.Loot)
        {
            var at = StealWire.LootHeaderSize;
            Assert.True(StealWire.TryReadTask(message.Payload, ref at, out var number, out _));
            _numbers.Add(number);
            _loot.Release();
        }
    }

    /// <summary>The node takes part, forks a task that no other lane may take, and the thief has it.</summary>
    private async Task LendAsync()
    {
        using var forked = new SemaphoreSlim(0);
        _taking.Add(_probe.ParticipateAsync(_end.Token));
        await Until.HoldsAsync(() => _stealing.Joins == _taking.Count);
        _stealing.Computation.Import(new Code<long>(() =>
        {
            var child = new Fib(1);
            child.Fork();
            forked.Release();
            _join.Wait(HangGuard);
            return child.Join();
        }));
        Assert.True(await forked.WaitAsync(HangGuard));
        _thief.GetPeer(_nodeInfo).Send(StealWire.Ask, Lane.Control, StealWire.OfAsk(Id, AskNumber, isLifeline: false));
        Assert.True(await _loot.WaitAsync(HangGuard));
    }

    private async Task UntilRunAgainAsync()
    {
        await Until.HoldsAsync(() => _metrics.RunAgain > 0);
        Assert.Equal(1, _metrics.RunAgain);
    }

    private static TopologyView View(params NodeInfo[] nodes) => new(1, nodes);

    private static async Task<NodeInfo> StartAsync(Messenger messenger, string name, NodeKey key)
    {
        var info = new NodeInfo { Id = key.Id, Incarnation = key.Incarnation, Name = name, Endpoints = [.. await messenger.ListenAsync(CancellationToken.None)] };
        messenger.Start(new LocalPeer(info, Cluster));
        return info;
    }

    private Messenger CreateMessenger(string host) =>
        new(new MessengerOptions(), _network.CreateProvider(host), new MessengerServices(TimeProvider.System, 1, NullLoggerFactory.Instance));
}
