namespace Grid.Messaging;

/// <summary>Receives the requests and one-way messages of one kind.</summary>
public interface IMessageHandler
{
    /// <summary>
    /// Called for each message, on an I/O thread: it must not block, and what it throws closes the link. Messages of one peer on one lane arrive
    /// in the order in which they were sent; messages of different peers arrive concurrently.
    /// </summary>
    /// <param name="from">Who sent it. Answer a request with <see cref="Peer.Reply(long, Lane, ReadOnlySpan{byte})"/>, now or later, from any thread.</param>
    /// <param name="message">The message; valid during the call only, see <see cref="IncomingMessage.TakePayload"/>.</param>
    void OnMessage(Peer from, in IncomingMessage message);
}
