namespace Grid.Messaging;

/// <summary>Learns when links go up and down. Called on I/O threads: it must not block. Calls for one peer come in order.</summary>
public interface ILinkObserver
{
    /// <summary>A link to the peer has been authenticated and carries messages from now on.</summary>
    /// <param name="peer">The other end.</param>
    void OnLinkUp(Peer peer);

    /// <summary>The link to the peer is gone; requests that were under way have failed. The next request makes a new link.</summary>
    /// <param name="peer">The other end.</param>
    /// <param name="reason">Why, or <see langword="null"/> when an idle link was closed in agreement.</param>
    void OnLinkDown(Peer peer, GridException? reason);
}
