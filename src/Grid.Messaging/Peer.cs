using Grid.Messaging.Frames;
using Grid.Messaging.Links;

namespace Grid.Messaging;

/// <summary>Another node as seen from the local one: where messages to it are handed in. One instance per <see cref="NodeKey"/>. Thread-safe; nothing blocks.</summary>
public sealed class Peer
{
    private readonly MessengerContext _context;
    private volatile NodeInfo _node;

    internal Peer(NodeInfo node, MessengerContext context)
    {
        _node = node;
        _context = context;
        Outbox = new PeerOutbox(this, context);
    }

    /// <summary>The peer's record; of a peer known only by its own link just id, incarnation and name.</summary>
    public NodeInfo Node
    {
        get => _node;
        internal set => _node = value;
    }

    /// <summary>Whether a link is up now.</summary>
    public bool IsLinked => Outbox.Link is not null;

    /// <summary>
    /// For how long the peer has owed an answer: to a ping on the link, or to the attempt to make one. Zero when it owes none, and between two attempts, whose failure
    /// <see cref="ILinkObserver.OnDialFailed"/> tells. Exact to a <see cref="MessengerOptions.TickInterval"/>.
    /// </summary>
    public TimeSpan Silence
    {
        get
        {
            var now = _context.Time.GetTimestamp();
            return Outbox.Link is { } link ? link.Watch.SilenceAt(now) : Outbox.Connection.DialingFor(now);
        }
    }

    internal PeerOutbox Outbox { get; }

    /// <summary>
    /// Sends a request. Costs no allocation of its own. When the link is down it is made first; the request waits for it, at most
    /// <see cref="MessengerOptions.ConnectWait"/>.
    /// </summary>
    /// <param name="kind">What the peer's handler was registered for, 1 to 255.</param>
    /// <param name="lane">How urgent it is.</param>
    /// <param name="payload">The bytes; copied.</param>
    /// <param name="reply">Told the outcome. At a limit (bytes queued, requests pending, message size) it fails inside this call.</param>
    /// <returns>The request's id, for <see cref="Abandon"/>; 0 when it failed inside this call.</returns>
    public long Request(byte kind, Lane lane, ReadOnlySpan<byte> payload, IReplyHandler reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        CheckAddress(kind, lane);
        return Add(kind, lane, payload, CopyIfLong(payload), reply);
    }

    /// <summary>Like <see cref="Request(byte, Lane, ReadOnlySpan{byte}, IReplyHandler)"/>, taking over a buffer: for large payloads.</summary>
    /// <inheritdoc cref="Request(byte, Lane, ReadOnlySpan{byte}, IReplyHandler)"/>
    public long Request(byte kind, Lane lane, MessageBuffer payload, IReplyHandler reply)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ArgumentNullException.ThrowIfNull(reply);
        CheckAddress(kind, lane);
        return Add(kind, lane, default, payload, reply);
    }

    /// <summary>
    /// Sends a one-way message, at best effort. While the first attempt to connect is under way it waits for the link; when connecting has failed it is not
    /// taken, until a link is up again.
    /// </summary>
    /// <returns>Whether it was taken: <see langword="false"/> when there is no link, or at the limit of the queue. It may be lost even if it was.</returns>
    /// <inheritdoc cref="Request(byte, Lane, ReadOnlySpan{byte}, IReplyHandler)"/>
    public bool Send(byte kind, Lane lane, ReadOnlySpan<byte> payload)
    {
        CheckAddress(kind, lane);
        var copy = CopyIfLong(payload);
        return Outbox.TryAddOneWay(Header(FrameType.OneWay, kind, lane, 0), payload, copy) || GiveBack(copy);
    }

    /// <summary>Like <see cref="Send(byte, Lane, ReadOnlySpan{byte})"/>, taking over a buffer: for large payloads.</summary>
    /// <inheritdoc cref="Send(byte, Lane, ReadOnlySpan{byte})"/>
    public bool Send(byte kind, Lane lane, MessageBuffer payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        CheckAddress(kind, lane);
        return Outbox.TryAddOneWay(Header(FrameType.OneWay, kind, lane, 0), default, payload) || GiveBack(payload);
    }

    /// <summary>Answers a request of this peer. Dropped when there is no link: the peer has been told of the failure then.</summary>
    /// <param name="requestId"><see cref="IncomingMessage.RequestId"/> of the request.</param>
    /// <param name="lane">How urgent the answer is.</param>
    /// <param name="payload">The bytes; copied. At most <see cref="MessengerOptions.MessageBytesMax"/>, else <see cref="ArgumentOutOfRangeException"/>: answer with an error instead.</param>
    /// <returns>Whether it was queued. Replies are not refused at the bound of the queue: their number is bounded by the requests taken.</returns>
    public bool Reply(long requestId, Lane lane, ReadOnlySpan<byte> payload)
    {
        CheckReply(lane, payload.Length);
        var copy = CopyIfLong(payload);
        return Outbox.TryAddReply(Header(FrameType.Reply, 0, lane, requestId), payload, copy) || GiveBack(copy);
    }

    /// <summary>Like <see cref="Reply(long, Lane, ReadOnlySpan{byte})"/>, taking over a buffer: for large payloads.</summary>
    /// <inheritdoc cref="Reply(long, Lane, ReadOnlySpan{byte})"/>
    public bool Reply(long requestId, Lane lane, MessageBuffer payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        CheckReply(lane, payload.WrittenBytes);
        return Outbox.TryAddReply(Header(FrameType.Reply, 0, lane, requestId), default, payload) || GiveBack(payload);
    }

    /// <summary>The caller no longer wants the reply: its handler is not called any more. The peer is not told.</summary>
    /// <param name="requestId">What the request returned.</param>
    /// <returns>Whether the request was still pending.</returns>
    public bool Abandon(long requestId) => Outbox.TakePending(requestId) is not null;

    /// <summary>Begins to make a link when there is none and none is being made; after a failure not before the back-off ends. For those who want to know whether the peer can be reached.</summary>
    public void Connect() => Outbox.Connect();

    /// <summary>The handler of a request that waits for its reply, or <see langword="null"/> when it does not (any more).</summary>
    /// <param name="requestId">What the request returned.</param>
    public IReplyHandler? FindPending(long requestId) => Outbox.FindPending(requestId);

    /// <summary>The requests that wait for their replies at this moment, by their ids.</summary>
    public IReadOnlyList<KeyValuePair<long, IReplyHandler>> ListPending() => Outbox.ListPending();

    /// <summary>Waits until the lane's queue is below half of its bound.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="ct">Gives up.</param>
    public ValueTask WaitForRoomAsync(Lane lane, CancellationToken ct)
    {
        var room = Outbox.RoomAsync(lane);
        return room.IsCompleted ? ValueTask.CompletedTask : new ValueTask(room.WaitAsync(ct));
    }

    /// <summary>Opens a stream to the peer; it can be written at once, as far as the initial credit goes.</summary>
    /// <param name="kind">What the peer's stream handler was registered for, 1 to 255.</param>
    /// <param name="lane">The lane of its bytes.</param>
    /// <param name="header">What the stream is about; at most 16 KiB; copied.</param>
    /// <param name="ct">Gives up waiting for the link.</param>
    /// <returns>The local end.</returns>
    /// <exception cref="CommunicationException">No link could be made, or too many streams are open.</exception>
    public ValueTask<PeerStream> OpenStreamAsync(byte kind, Lane lane, ReadOnlyMemory<byte> header, CancellationToken ct)
    {
        CheckAddress(kind, lane);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(header.Length, Streams.StreamTable.HeaderBytesMax, nameof(header));
        return new Streams.StreamOpening(Outbox, kind, lane, header).OpenAsync(ct);
    }

    private static FrameHeader Header(FrameType type, byte kind, Lane lane, long id) => new(type, kind, FrameFlags.None, lane, id, 0);

    private static void CheckAddress(byte kind, Lane lane)
    {
        ArgumentOutOfRangeException.ThrowIfZero(kind);
        CheckLane(lane);
    }

    private static void CheckLane(Lane lane) => ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)lane, (byte)Lane.Bulk, nameof(lane));

    private static bool GiveBack(MessageBuffer? unsent)
    {
        unsent?.Dispose();
        return false;
    }

    private void CheckReply(Lane lane, int length)
    {
        CheckLane(lane);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _context.Options.MessageBytesMax, "payload");
    }

    private long Add(byte kind, Lane lane, ReadOnlySpan<byte> payload, MessageBuffer? owned, IReplyHandler reply)
    {
        var id = Outbox.AddRequest(Header(FrameType.Request, kind, lane, 0), payload, owned, reply, out var refusal);
        if (refusal is not null)
        {
            GiveBack(owned);
            reply.OnFailed(refusal);
        }

        return id;
    }

    private MessageBuffer? CopyIfLong(ReadOnlySpan<byte> payload)
    {
        if (payload.Length <= _context.WholeBytesMax || payload.Length > _context.Options.MessageBytesMax)
        {
            return null;
        }

        var copy = new MessageBuffer(payload.Length);
        payload.CopyTo(copy.GetSpan(payload.Length));
        copy.Advance(payload.Length);
        return copy;
    }
}
