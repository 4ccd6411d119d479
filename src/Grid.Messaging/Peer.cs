namespace Grid.Messaging;

/// <summary>Another node as seen from the local one: where messages to it are handed in. One instance per <see cref="NodeKey"/>. Thread-safe; nothing blocks.</summary>
public sealed class Peer
{
    internal Peer() => throw new NotImplementedException();

    /// <summary>The peer's record; of a peer known only by its own link just id, incarnation and name.</summary>
    public NodeInfo Node => throw new NotImplementedException();

    /// <summary>Whether a link is up now.</summary>
    public bool IsLinked => throw new NotImplementedException();

    /// <summary>
    /// Sends a request. Costs no allocation of its own. When the link is down it is made first; the request waits for it, at most
    /// <see cref="MessengerOptions.ConnectWait"/>.
    /// </summary>
    /// <param name="kind">What the peer's handler was registered for, 1 to 255.</param>
    /// <param name="lane">How urgent it is.</param>
    /// <param name="payload">The bytes; copied.</param>
    /// <param name="reply">Told the outcome. At a limit (bytes queued, requests pending, message size) it fails inside this call.</param>
    /// <returns>The request's id, for <see cref="Abandon"/>; 0 when it failed inside this call.</returns>
    public long Request(byte kind, Lane lane, ReadOnlySpan<byte> payload, IReplyHandler reply) => throw new NotImplementedException();

    /// <summary>Like <see cref="Request(byte, Lane, ReadOnlySpan{byte}, IReplyHandler)"/>, taking over a buffer: for large payloads.</summary>
    /// <inheritdoc cref="Request(byte, Lane, ReadOnlySpan{byte}, IReplyHandler)"/>
    public long Request(byte kind, Lane lane, MessageBuffer payload, IReplyHandler reply) => throw new NotImplementedException();

    /// <summary>
    /// Sends a one-way message, at best effort. While the first attempt to connect is under way it waits for the link; when connecting has failed it is not
    /// taken, until a link is up again.
    /// </summary>
    /// <returns>Whether it was taken: <see langword="false"/> when there is no link, or at the limit of the queue. It may be lost even if it was.</returns>
    /// <inheritdoc cref="Request(byte, Lane, ReadOnlySpan{byte}, IReplyHandler)"/>
    public bool Send(byte kind, Lane lane, ReadOnlySpan<byte> payload) => throw new NotImplementedException();

    /// <inheritdoc cref="Send(byte, Lane, ReadOnlySpan{byte})"/>
    public bool Send(byte kind, Lane lane, MessageBuffer payload) => throw new NotImplementedException();

    /// <summary>Answers a request of this peer. Dropped when the link it came on is gone: the peer has been told of the failure then.</summary>
    /// <param name="requestId"><see cref="IncomingMessage.RequestId"/> of the request.</param>
    /// <param name="lane">How urgent the answer is.</param>
    /// <param name="payload">The bytes; copied.</param>
    /// <returns>Whether it was queued. Replies are not refused at the bound of the queue: their number is bounded by the requests taken.</returns>
    public bool Reply(long requestId, Lane lane, ReadOnlySpan<byte> payload) => throw new NotImplementedException();

    /// <summary>Like <see cref="Reply(long, Lane, ReadOnlySpan{byte})"/>, taking over a buffer: for large payloads.</summary>
    /// <inheritdoc cref="Reply(long, Lane, ReadOnlySpan{byte})"/>
    public bool Reply(long requestId, Lane lane, MessageBuffer payload) => throw new NotImplementedException();

    /// <summary>The caller no longer wants the reply: its handler is not called any more. The peer is not told.</summary>
    /// <param name="requestId">What the request returned.</param>
    /// <returns>Whether the request was still pending.</returns>
    public bool Abandon(long requestId) => throw new NotImplementedException();

    /// <summary>Waits until the lane's queue is below half of its bound.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="ct">Gives up.</param>
    public ValueTask WaitForRoomAsync(Lane lane, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Opens a stream to the peer; it can be written at once, as far as the initial credit goes.</summary>
    /// <param name="kind">What the peer's stream handler was registered for, 1 to 255.</param>
    /// <param name="lane">The lane of its bytes.</param>
    /// <param name="header">What the stream is about; at most 64 KiB; copied.</param>
    /// <param name="ct">Gives up waiting for the link.</param>
    /// <returns>The local end.</returns>
    /// <exception cref="CommunicationException">No link could be made, or too many streams are open.</exception>
    public ValueTask<PeerStream> OpenStreamAsync(byte kind, Lane lane, ReadOnlyMemory<byte> header, CancellationToken ct) => throw new NotImplementedException();
}
