namespace Grid.Messaging;

/// <summary>Receives the streams of one kind that peers open.</summary>
public interface IStreamHandler
{
    /// <summary>A peer has opened a stream. Called on an I/O thread: it must not block.</summary>
    /// <param name="from">Who opened it.</param>
    /// <param name="header">What the opener said about the stream; valid during the call only.</param>
    /// <param name="stream">The local end. Whoever handles it disposes it.</param>
    void OnStream(Peer from, in IncomingMessage header, PeerStream stream);
}
