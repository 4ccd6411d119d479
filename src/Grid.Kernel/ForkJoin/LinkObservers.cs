using Grid.Messaging;

namespace Grid.Kernel.ForkJoin;

/// <summary>Tells several parts of the node about links, in the order given.</summary>
internal sealed class LinkObservers(IReadOnlyList<ILinkObserver> observers) : ILinkObserver
{
    /// <inheritdoc/>
    public void OnLinkUp(Peer peer) => Tell(observer => observer.OnLinkUp(peer));

    /// <inheritdoc/>
    public void OnLinkDown(Peer peer, GridException? reason) => Tell(observer => observer.OnLinkDown(peer, reason));

    /// <inheritdoc/>
    public void OnDialFailed(Peer peer, GridException reason) => Tell(observer => observer.OnDialFailed(peer, reason));

    /// <inheritdoc/>
    public void OnTick() => Tell(static observer => observer.OnTick());

    // The fault of one must not keep the news from the others, which may have lent what is lost with a link.
    private void Tell(Action<ILinkObserver> tell)
    {
        List<Exception>? faults = null;
        foreach (var observer in observers)
        {
            try
            {
                tell(observer);
            }
            catch (Exception fault)
            {
                (faults ??= []).Add(fault);
            }
        }

        if (faults is not null)
        {
            throw new AggregateException(faults);
        }
    }
}
