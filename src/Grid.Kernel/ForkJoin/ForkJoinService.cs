using Grid.Kernel.ForkJoin.Stealing;
using Grid.Kernel.Gossip;
using Grid.Kernel.Membership;
using Grid.Messaging;

namespace Grid.Kernel.ForkJoin;

/// <summary>Fork/join on a node: what runs computations, and what spreads them over other nodes.</summary>
internal sealed class ForkJoinService : IMetricsSource, IDisposable
{
    private readonly StealService _stealing;

    public ForkJoinService(ForkJoinOptions options, StealParts parts)
    {
        Metrics = new ForkJoinMetrics(parts.Meters);
        _stealing = new StealService(options, Metrics, parts);
        Engine = new ForkJoinEngine(options, new Random(parts.Seed), Metrics, _stealing);
    }

    public ForkJoinMetrics Metrics { get; }

    public IForkJoinEngine Engine { get; }

    /// <summary>Follows members and links, after another part of the node that follows both. Called once, before the node starts.</summary>
    public void Follow(MembershipService membership, Messenger messenger, ILinkObserver before)
    {
        membership.Observe(_stealing);
        messenger.Observer = new LinkObservers([before, _stealing]);
    }

    /// <inheritdoc/>
    public void Sample(MetricSample sample, TimeSpan elapsed) => sample.SetCount(MetricField.ForkJoinStolen, Metrics.Stolen);

    public void Dispose()
    {
        _stealing.Dispose();
        Metrics.Dispose();
    }
}
