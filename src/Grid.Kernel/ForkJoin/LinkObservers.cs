using Grid.Messaging;

namespace Grid.Kernel.ForkJoin;

/// <summary>Tells several parts of the node about links, in the order given.</summary>
internal sealed class LinkObservers(IReadOnlyList<ILinkObserver> observers) : ILinkObserver
{
    /// <inheritdoc/>
    public void OnLinkUp(Peer peer)
    {
        foreach (var observer in observers)
        {
            observer.OnLinkUp(peer);
        }
    }

    /// <inheritdoc/>
    public void OnLinkDown(Peer peer, GridException? reason)
    {
        foreach (var observer in observers)
        {
            observer.OnLinkDown(peer, reason);
        }
    }

    /// <inheritdoc/>
    public void OnDialFailed(Peer peer, GridException reason)
    {
        foreach (var observer in observers)
        {
            observer.OnDialFailed(peer, reason);
        }
    }

    /// <inheritdoc/>
    public void OnTick()
    {
        foreach (var observer in observers)
        {
            observer.OnTick();
        }
    }
}
