namespace Grid.Messaging;

/// <summary>Receives the outcome of one request: exactly one of the two methods is called, exactly once, unless the request was abandoned first.</summary>
public interface IReplyHandler
{
    /// <summary>The reply has arrived. Called on an I/O thread: it must not block.</summary>
    /// <param name="from">Who replied.</param>
    /// <param name="message">The reply; valid during the call only, see <see cref="IncomingMessage.TakePayload"/>.</param>
    void OnReply(Peer from, in IncomingMessage message);

    /// <summary>
    /// No reply will arrive. Called on an I/O thread, or inside the call of <see cref="Peer.Request(byte, Lane, ReadOnlySpan{byte}, IReplyHandler)"/>
    /// when the request was not even queued; it must not block.
    /// </summary>
    /// <param name="error">
    /// <see cref="CommunicationException"/>, whose <see cref="CommunicationException.MayHaveBeenDelivered"/> says whether the peer may have seen the
    /// request; or <see cref="AuthenticationException"/> when the peer refused the link, in which case it has not.
    /// </param>
    void OnFailed(GridException error);
}
