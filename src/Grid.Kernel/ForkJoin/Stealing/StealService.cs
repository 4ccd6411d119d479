using System.Buffers.Binary;
using System.Collections.Concurrent;
using Grid.Kernel.Health;
using Grid.Kernel.Membership;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>
/// Work stealing between nodes: takes messages, members and links to the computations that they concern, on one thread that owns what those know of each other.
/// </summary>
/// <remarks>
/// A computation reaches a node as a job that its home submits there, so its code, its cancellation, the loss of either node and the end are those of any nested job. What the
/// nodes say to each other beside that are the messages in <see cref="StealWire"/>.
/// </remarks>
internal sealed class StealService : IStealing, IMessageHandler, IMembershipObserver, ILinkObserver, IDisposable
{
    private const int QueuedMax = 65_536;
    private const int NumberBits = 40;

    private readonly StealParts _parts;
    private readonly ForkJoinOptions _options;
    private readonly SerialThread _thread = new("grid-stealing");
    private readonly ConcurrentDictionary<ComputationId, StealSession> _sessions = new();
    private readonly Random _random;
    private long _lastNumber;
    private long _lastSession;
    private int _queued;

    // Of the messenger's thread.
    private long _tickedAt;

    public StealService(ForkJoinOptions options, ForkJoinMetrics metrics, StealParts parts)
    {
        _options = options;
        _parts = parts;
        _random = new Random(parts.Seed);
        Metrics = metrics;
        Logger = parts.Loggers.CreateLogger<StealService>();
        for (var kind = StealWire.Join; kind <= StealWire.Waiting; kind++)
        {
            parts.Messenger.Handle(kind, this);
        }
    }

    public ForkJoinOptions Options => _options;

    public ForkJoinMetrics Metrics { get; }

    public ILogger Logger { get; }

    public TimeProvider Time => _parts.Time;

    public TopologyView View => _parts.View();

    public HealthView Health => _parts.Health();

    /// <summary>Runs what completes a task of a session on the thread that owns it.</summary>
    public TaskScheduler Scheduler => _thread;

    /// <inheritdoc/>
    public void Open(Computation computation, Type root, ComputationReach reach)
    {
        var id = new ComputationId(_parts.LocalNode().Key, Interlocked.Increment(ref _lastNumber));
        var session = new StealSession(this, id, id.Home, computation, reach);
        computation.Session = session;
        session.Host(new GuestList(session, this, computation.Context.Grid, new ForkJoinInvitation(id.Home, id.Number, root), reach));
        _sessions[id] = session;
    }

    /// <inheritdoc/>
    public void Join(Computation computation, ForkJoinInvitation invitation, ComputationReach reach)
    {
        var id = new ComputationId(invitation.Home, invitation.Number);
        var session = new StealSession(this, id, _parts.LocalNode().Key, computation, reach);
        computation.Session = session;
        _sessions[id] = session;
        Post(session.Join);
    }

    /// <inheritdoc/>
    public void Close(StealSession session)
    {
        _sessions.TryRemove(new KeyValuePair<ComputationId, StealSession>(session.Id, session));
        session.EndAnnouncing();
        Post(session.End);
    }

    /// <summary>A seed for the choices of a session.</summary>
    public Random NextRandom()
    {
        lock (_random)
        {
            return new Random(_random.Next());
        }
    }

    /// <summary>Numbers that no other session of this node uses: those above the one returned.</summary>
    public long NextNumbers() => Interlocked.Increment(ref _lastSession) << NumberBits;

    /// <summary>Runs a step on the thread that owns the sessions. Any thread.</summary>
    public void Post(Action step)
    {
        Interlocked.Increment(ref _queued);
        _ = _thread.RunAsync(() => Run(step));
    }

    /// <summary>The peer with that key, if it is a member or has a link here.</summary>
    public Peer? FindPeer(NodeKey key)
    {
        if (_parts.Messenger.FindPeer(key) is { } peer)
        {
            return peer;
        }

        try
        {
            return View.Find(key.Id) is { } node && node.Key == key ? _parts.Messenger.GetPeer(node) : null;
        }
        catch (CommunicationException)
        {
            // Stopping, or too many peers: for a computation that is a peer less.
            return null;
        }
    }

    /// <summary>Sends a small message.</summary>
    public bool Send(NodeKey to, byte kind, ReadOnlySpan<byte> message) => FindPeer(to)?.Send(kind, Lane.Control, message) ?? false;

    /// <summary>Sends what must arrive as long as the link is up: waits for room when its queue is full.</summary>
    public void SendOrWait(NodeKey to, byte kind, MessageBuffer message)
    {
        var peer = FindPeer(to);
        if (peer is null || peer.Send(kind, Lane.Data, message.Share()) || !peer.IsLinked)
        {
            message.Dispose();
            return;
        }

        _ = _thread.RunAsync(() => SendWhenThereIsRoomAsync(peer, kind, message));
    }

    /// <summary>Sends a large message if there is room.</summary>
    public bool TrySend(NodeKey to, byte kind, MessageBuffer message)
    {
        if (FindPeer(to) is { } peer)
        {
            return peer.Send(kind, Lane.Data, message);
        }

        message.Dispose();
        return false;
    }

    /// <inheritdoc/>
    public void OnMessage(Peer from, in IncomingMessage message)
    {
        if (message.Payload.Length < ComputationId.Size)
        {
            StealLog.Malformed(Logger, message.Kind, from.Node);
            return;
        }

        if (StealWire.MayBeDropped(message.Kind) && Volatile.Read(ref _queued) > QueuedMax)
        {
            Metrics.CountDropped();
            return;
        }

        var kind = message.Kind;
        var sender = from.Node;
        var payload = message.Payload.ToArray();
        Post(() => Take(sender, kind, payload));
    }

    /// <inheritdoc/>
    public void OnChange(TopologyView view, IReadOnlyList<TopologyChange> changes)
    {
        // Also without a link that could go down: what was sent to it may be waiting for one.
        NodeKey[] gone = [.. changes.Select(GoneIn).OfType<NodeKey>()];
        PostToAll(session =>
        {
            Array.ForEach(gone, session.OnLost);
            session.OnView(view);
        });
    }

    /// <inheritdoc/>
    public void OnFenced() => PostToAll(static session => session.Computation.End());

    /// <inheritdoc/>
    public void OnRejoined(NodeInfo local)
    {
        // What ran under the former membership has ended with it.
    }

    /// <inheritdoc/>
    public void OnLinkDown(Peer peer, GridException? reason)
    {
        if (reason is not null)
        {
            PostToAll(session => session.OnLost(peer.Node.Key));
        }
    }

    /// <inheritdoc/>
    public void OnDialFailed(Peer peer, GridException reason)
    {
        // Loot that waits for the link may never leave.
        if (!peer.IsLinked)
        {
            PostToAll(session => session.OnLost(peer.Node.Key));
        }
    }

    /// <inheritdoc/>
    public void OnTick()
    {
        // Counted also while there is no computation: a tick as soon as one begins would only repeat what its nodes are just telling each other.
        if (Time.GetElapsedTime(_tickedAt) >= _options.RestPeriod)
        {
            _tickedAt = Time.GetTimestamp();
            PostToAll(static session => session.OnTick());
        }
    }

    /// <summary>How the members stand. Any thread.</summary>
    public void OnHealth(HealthView health) => PostToAll(session => session.OnHealth(health));

    public void Dispose() => _thread.Dispose();

    private static NodeKey? GoneIn(TopologyChange change) => change.Kind switch
    {
        TopologyChangeKind.Left or TopologyChangeKind.Failed => change.Node?.Key,
        TopologyChangeKind.Restarted => change.Previous?.Key,
        _ => null,
    };

    private void PostToAll(Action<StealSession> step)
    {
        // A step each: the failure of one is not the others'.
        foreach (var (_, session) in _sessions)
        {
            Post(() => step(session));
        }
    }

    private void Run(Action step)
    {
        Interlocked.Decrement(ref _queued);
        try
        {
            step();
        }
        catch (Exception exception)
        {
            StealLog.StepFailed(Logger, exception);
        }
    }

    private void Take(NodeInfo from, byte kind, byte[] payload)
    {
        var isKnown = _sessions.TryGetValue(ComputationId.Read(payload), out var session);
        var isRead = kind switch
        {
            StealWire.Join => session?.OnJoin(from.Key) ?? true,
            StealWire.Members => session?.OnMembers(from.Key, payload) ?? true,
            StealWire.Ask => isKnown ? session!.OnAsk(from.Key, payload) : RefuseAsk(from.Key, payload),
            StealWire.Loot => isKnown ? session!.OnLoot(from.Key, payload) : GiveBack(from.Key, payload),
            StealWire.Outcome => session?.OnOutcome(from.Key, payload) ?? true,
            _ => true,
        };
        if (!isRead)
        {
            StealLog.Malformed(Logger, kind, from);
        }
    }

    /// <summary>The computation has ended here, or not begun: there is nothing to take.</summary>
    private bool RefuseAsk(NodeKey from, byte[] payload)
    {
        if (payload.Length != StealWire.AskSize)
        {
            return false;
        }

        Span<byte> answer = stackalloc byte[StealWire.LootHeaderSize];
        answer.Clear();
        payload.AsSpan(0, ComputationId.Size + 8).CopyTo(answer);
        Send(from, StealWire.Loot, answer);
        return true;
    }

    /// <summary>This node has left the computation after it asked.</summary>
    private bool GiveBack(NodeKey from, byte[] payload)
    {
        var at = StealWire.LootHeaderSize;
        while (at < payload.Length)
        {
            if (!StealWire.TryReadTask(payload, ref at, out var number, out _))
            {
                return false;
            }

            var answer = new MessageBuffer(StealWire.OutcomeHeaderSize);
            WriteOutcomeHeader(answer.GetSpan(StealWire.OutcomeHeaderSize), ComputationId.Read(payload), number, OutcomeStatus.GivenUp, 0);
            answer.Advance(StealWire.OutcomeHeaderSize);
            SendOrWait(from, StealWire.Outcome, answer);
        }

        return true;
    }

    public static void WriteOutcomeHeader(Span<byte> target, ComputationId computation, long number, OutcomeStatus status, int microseconds)
    {
        computation.Write(target);
        BinaryPrimitives.WriteInt64LittleEndian(target[ComputationId.Size..], number);
        target[ComputationId.Size + 8] = (byte)status;
        BinaryPrimitives.WriteInt32LittleEndian(target[(ComputationId.Size + 9)..], microseconds);
    }

    private async Task SendWhenThereIsRoomAsync(Peer peer, byte kind, MessageBuffer message)
    {
        try
        {
            while (peer.IsLinked && !peer.Send(kind, Lane.Data, message.Share()))
            {
                await peer.WaitForRoomAsync(Lane.Data, CancellationToken.None).ConfigureAwait(true);
            }
        }
        catch (GridException exception)
        {
            // The link is gone, and the other end knows.
            StealLog.GuestLeft(Logger, peer.Node.Key, default, exception.Message);
        }
        finally
        {
            message.Dispose();
        }
    }
}
