using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Membership;

/// <summary>Calls the node's parts in the order of registration; a part that throws does not keep the news from the others.</summary>
internal sealed class ObserverList(ILogger logger)
{
    private readonly List<IMembershipObserver> _observers = [];

    public void Add(IMembershipObserver observer) => _observers.Add(observer);

    public void OnFenced() =>
        Tell(nameof(IMembershipObserver.OnFenced), static (observer, _) => observer.OnFenced(), 0);

    public void OnRejoined(NodeInfo local) =>
        Tell(nameof(IMembershipObserver.OnRejoined), static (observer, local) => observer.OnRejoined(local), local);

    public void OnChange(TopologyView view, IReadOnlyList<TopologyChange> changes) =>
        Tell(nameof(IMembershipObserver.OnChange), static (observer, news) => observer.OnChange(news.View, news.Changes), (View: view, Changes: changes));

    private void Tell<TNews>(string callback, Action<IMembershipObserver, TNews> tell, TNews news)
    {
        foreach (var observer in _observers)
        {
            try
            {
                tell(observer, news);
            }
            catch (Exception exception)
            {
                MembershipLog.ObserverFailed(logger, observer.GetType(), callback, exception);
            }
        }
    }
}
