namespace Grid.Messaging;

/// <summary>Learns when links go up and down. Called on the messenger's own thread, one call at a time: it must not block.</summary>
public interface ILinkObserver
{
    /// <summary>A link to the peer has been authenticated and carries messages from now on.</summary>
    /// <param name="peer">The other end.</param>
    void OnLinkUp(Peer peer)
    {
    }

    /// <summary>The link to the peer is gone; requests that were under way have failed. The next request makes a new link.</summary>
    /// <param name="peer">The other end.</param>
    /// <param name="reason">Why, or <see langword="null"/> when an idle link was closed in agreement.</param>
    void OnLinkDown(Peer peer, GridException? reason)
    {
    }

    /// <summary>
    /// An attempt to link has failed: what waits for the link goes on waiting, as long as <see cref="MessengerOptions.ConnectWait"/> allows. Or that time is over, and what waited,
    /// one-way messages among it, will not be sent.
    /// </summary>
    /// <param name="peer">Who could not be reached.</param>
    /// <param name="reason">Why.</param>
    void OnDialFailed(Peer peer, GridException reason)
    {
    }

    /// <summary>Called every <see cref="MessengerOptions.TickInterval"/> on the thread that keeps the time of the links, for those who look at <see cref="Peer.Silence"/>.</summary>
    void OnTick()
    {
    }
}
