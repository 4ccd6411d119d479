using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Grid.Kernel.Health;
using Grid.Messaging;
using Grid.Serialization;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>
/// A computation that spans several nodes, as one of them sees it: carries out what the <see cref="StealMachine{TTask}"/> decides. Belongs to the thread of the <see cref="StealService"/>, except for
/// the members that say otherwise.
/// </summary>
internal sealed class StealSession
{
    private readonly StealService _service;
    private readonly StealMachine<ForkJoinTask> _machine;
    private readonly LootSender _loot;
    private GuestList? _guests;
    private ITimer? _announcement;
    private bool _hasEnded;

    // 1 while a step is on its way: set by any thread, reset by the step.
    private int _isIdlePosted;
    private int _isWorkPosted;

    public StealSession(StealService service, ComputationId id, NodeKey self, Computation computation, ComputationReach reach)
    {
        _service = service;
        Id = id;
        Computation = computation;
        Serializer = reach.Serializer;
        _machine = new StealMachine<ForkJoinTask>(self, service.Options, service.NextRandom(), service.NextNumbers());
        _loot = new LootSender(this, service, _machine);
        _machine.OnHealth(DoubtfulOf(service.Health));
    }

    public ComputationId Id { get; }

    public Computation Computation { get; }

    public GridSerializer Serializer { get; }

    public TimeProvider Time => _service.Time;

    public ILogger Logger => _service.Logger;

    public bool IsEnded => Computation.Signal.IsEnded;

    /// <summary>Makes this the home: other nodes are invited once the computation has run for a while. Called before it begins.</summary>
    public void Host(GuestList guests)
    {
        _guests = guests;
        _announcement = Time.CreateTimer(
            static session => ((StealSession)session!).PostView(), this, _service.Options.AnnounceAfter, Timeout.InfiniteTimeSpan);
    }

    /// <summary>No more invitations. Any thread.</summary>
    public void EndAnnouncing() => _announcement?.Dispose();

    /// <summary>Somebody here has nothing to do. Any thread.</summary>
    public void OnIdle()
    {
        if (!IsEnded && Interlocked.Exchange(ref _isIdlePosted, 1) == 0)
        {
            _service.Post(Idle);
        }
    }

    /// <summary>There is work that nobody here comes for. Any thread.</summary>
    public void OnWork()
    {
        if (Interlocked.Exchange(ref _isWorkPosted, 1) == 0)
        {
            _service.Post(Work);
        }
    }

    /// <summary>Sends an outcome to the victim. Any thread. The message is taken over; its header is written here.</summary>
    public void SendOutcome(NodeKey victim, long number, OutcomeStatus status, int microseconds, MessageBuffer message)
    {
        StealService.WriteOutcomeHeader(MemoryMarshal.AsMemory(message.WrittenMemory).Span, Id, number, status, microseconds);
        _service.Metrics.CountBytes(message.WrittenBytes);
        _service.SendOrWait(victim, StealWire.Outcome, message);
    }

    /// <summary>Tells the victim that its task did not run here. Any thread.</summary>
    public void SendStatus(NodeKey victim, long number, OutcomeStatus status)
    {
        var message = new MessageBuffer(StealWire.OutcomeHeaderSize);
        message.GetSpan(StealWire.OutcomeHeaderSize);
        message.Advance(StealWire.OutcomeHeaderSize);
        SendOutcome(victim, number, status, 0, message);
    }

    /// <summary>A guest comes in.</summary>
    public void Join()
    {
        SendJoin();
        OnIdle();
    }

    public void End()
    {
        _hasEnded = true;
        _guests?.End();
    }

    public void OnView(TopologyView view)
    {
        if (!_hasEnded)
        {
            _guests?.Invite(view);
        }
    }

    /// <summary>The members stand otherwise than before.</summary>
    public void OnHealth(HealthView health)
    {
        if (!_hasEnded)
        {
            Settle(([], _machine.OnHealth(DoubtfulOf(health))), default);
        }
    }

    public void OnTick()
    {
        if (_hasEnded)
        {
            return;
        }

        if (_guests is null && _machine.Peers.Count == 0)
        {
            SendJoin();
        }

        OnHealth(_service.Health);
        OnView(_service.View);
        _guests?.TellMembers();
        foreach (var thief in _machine.Thieves)
        {
            SendId(thief, StealWire.Waiting);
        }

        Ask(_machine.OnTick());
    }

    public bool OnJoin(NodeKey from)
    {
        _guests?.OnJoined(from);
        return true;
    }

    public bool OnMembers(NodeKey from, ReadOnlySpan<byte> message)
    {
        if (!StealWire.TryReadMembers(message, out var members))
        {
            return false;
        }

        if (from == Id.Home)
        {
            SetMembers(members);
        }

        return true;
    }

    /// <summary>Who takes part has changed.</summary>
    public void SetMembers(IEnumerable<NodeKey> members)
    {
        var hadPeers = _machine.Peers.Count > 0;
        Settle(_machine.OnMembers(members), default);
        if (!hadPeers)
        {
            Idle();
        }
    }

    /// <summary>The link to a peer is down, or the peer has left.</summary>
    public void OnLost(NodeKey peer)
    {
        if (!_hasEnded)
        {
            Settle(_machine.OnLost(peer), peer);
        }
    }

    public bool OnAsk(NodeKey from, ReadOnlySpan<byte> message)
    {
        if (message.Length != StealWire.AskSize)
        {
            return false;
        }

        var number = BinaryPrimitives.ReadInt64LittleEndian(message[ComputationId.Size..]);
        var isLifeline = message[^1] != 0;
        var isOpen = !_loot.IsGrounded && !_hasEnded;
        _loot.Give(from, number, _machine.OnAsked(from, isLifeline && isOpen, isOpen ? Computation.Queued : 0));
        Computation.SetPeersWanting(_machine.IsWorkWanted);
        return true;
    }

    public bool OnLoot(NodeKey from, ReadOnlySpan<byte> message)
    {
        var at = StealWire.LootHeaderSize;
        if (message.Length < at)
        {
            return false;
        }

        List<LootTask> loot = [];
        while (at < message.Length)
        {
            if (!StealWire.TryReadTask(message, ref at, out var number, out var bytes))
            {
                return false;
            }

            loot.Add(new LootTask(this, from, number, bytes.ToArray()));
        }

        // Before any of them runs: who sees one run finds it counted.
        _service.Metrics.CountLoot(loot.Count);
        loot.ForEach(Computation.Import);
        Ask(_machine.OnLoot(from, BinaryPrimitives.ReadInt64LittleEndian(message[ComputationId.Size..]), loot.Count));
        return true;
    }

    public bool OnOutcome(NodeKey from, byte[] message)
    {
        if (message.Length < StealWire.OutcomeHeaderSize || message[ComputationId.Size + 8] > (byte)OutcomeStatus.Unreadable)
        {
            return false;
        }

        var number = BinaryPrimitives.ReadInt64LittleEndian(message.AsSpan(ComputationId.Size));
        var status = (OutcomeStatus)message[ComputationId.Size + 8];
        var microseconds = BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(ComputationId.Size + 9));
        if (_hasEnded)
        {
            return true;
        }

        if (_machine.TryReturn(from, number, microseconds, out var task))
        {
            TakeOutcome(from, task!, status, message.AsMemory(StealWire.OutcomeHeaderSize));
        }
        else
        {
            _service.Metrics.CountRefused();
        }

        return true;
    }

    private static IEnumerable<NodeKey> DoubtfulOf(HealthView health) => health.All.Where(node => node.Condition != NodeCondition.Well).Select(node => node.Node.Key);

    private void PostView() => _service.Post(() => OnView(_service.View));

    private void Idle()
    {
        Volatile.Write(ref _isIdlePosted, 0);
        Interlocked.MemoryBarrier();
        if (!_hasEnded && !Computation.HasWork)
        {
            Ask(_machine.OnIdle());
        }
    }

    private void Work()
    {
        Volatile.Write(ref _isWorkPosted, 0);
        Interlocked.MemoryBarrier();
        while (!_loot.IsGrounded && !_hasEnded && _machine.TakeWaiting(Computation.Queued, out var to) is > 0 and var count)
        {
            _loot.Give(to, 0, count);
        }

        Computation.SetPeersWanting(_machine.IsWorkWanted && !_loot.IsGrounded);
    }

    private void TakeOutcome(NodeKey from, ForkJoinTask task, OutcomeStatus status, ReadOnlyMemory<byte> value)
    {
        if (status is OutcomeStatus.Returned or OutcomeStatus.Threw)
        {
            try
            {
                Computation.WakeWaiting(task.TakeOutcome(new OutcomeReader(Serializer, value, status == OutcomeStatus.Threw)));
                return;
            }
            catch (GridException exception)
            {
                StealLog.OutcomeUnreadable(Logger, from, exception);
            }
        }

        if (status != OutcomeStatus.GivenUp)
        {
            _machine.OnUnable(from);
        }

        RunAgain([task]);
    }

    private void Settle((IReadOnlyList<ForkJoinTask> Returned, IReadOnlyList<AskEffect> Asks) outcome, NodeKey peer)
    {
        if (outcome.Returned.Count > 0)
        {
            StealLog.PeerLost(Logger, Id, peer, outcome.Returned.Count);
            RunAgain(outcome.Returned);
        }

        Computation.SetPeersWanting(_machine.IsWorkWanted);
        Ask(outcome.Asks);
    }

    private void RunAgain(IReadOnlyList<ForkJoinTask> tasks)
    {
        _service.Metrics.CountRunAgain(tasks.Count);
        foreach (var task in tasks)
        {
            Computation.Import(task);
        }
    }

    private void Ask(IReadOnlyList<AskEffect> asks)
    {
        foreach (var ask in asks)
        {
            _service.Metrics.CountAsk();
            _service.Send(ask.To, StealWire.Ask, StealWire.OfAsk(Id, ask.Number, ask.IsLifeline));
        }
    }

    private void SendJoin() => SendId(Id.Home, StealWire.Join);

    private void SendId(NodeKey to, byte kind)
    {
        Span<byte> message = stackalloc byte[ComputationId.Size];
        Id.Write(message);
        _service.Send(to, kind, message);
    }
}
