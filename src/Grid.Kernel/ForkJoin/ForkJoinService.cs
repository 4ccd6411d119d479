using Grid.Kernel.ForkJoin.Stealing;
using Grid.Kernel.Gossip;
using Grid.Kernel.Health;
using Grid.Kernel.Membership;
using Grid.Messaging;

namespace Grid.Kernel.ForkJoin;

/// <summary>Fork/join on a node: what runs computations, and what spreads them over other nodes.</summary>
internal sealed class ForkJoinService : IMetricsSource, IDisposable
{
    private readonly StealService _stealing;
    private readonly ForkJoinEngine _engine;

    public ForkJoinService(ForkJoinOptions options, StealParts parts)
    {
        Metrics = new ForkJoinMetrics(parts.Meters);
        _stealing = new StealService(options, Metrics, parts);
        _engine = new ForkJoinEngine(options, new Random(parts.Seed), Metrics, _stealing);
        Metrics.Depth = () => _engine.Depth;
    }

    public ForkJoinMetrics Metrics { get; }

    public IForkJoinEngine Engine => _engine;

    /// <summary>Follows members and links, after another part of the node that follows both. Called once, before the node starts.</summary>
    public void Follow(MembershipService membership, Messenger messenger, ILinkObserver before)
    {
        membership.Observe(_stealing);
        messenger.Observer = new LinkObservers([before, _stealing]);
    }

    /// <summary>How the members stand. Any thread; does not block.</summary>
    public void OnHealth(HealthView health) => _stealing.OnHealth(health);

    /// <inheritdoc/>
    public void Sample(MetricSample sample, TimeSpan elapsed)
    {
        sample.SetCount(MetricField.ForkJoinAsks, Metrics.Asks);
        sample.SetCount(MetricField.ForkJoinAsksMet, Metrics.AsksMet);
        sample.SetCount(MetricField.ForkJoinStolen, Metrics.Stolen);
        sample.SetCount(MetricField.ForkJoinBytes, Metrics.Bytes);
        sample.SetCount(MetricField.ForkJoinRunAgain, Metrics.RunAgain);
        sample.SetCount(MetricField.ForkJoinDepth, _engine.Depth);
    }

    public void Dispose()
    {
        _stealing.Dispose();
        Metrics.Dispose();
    }
}
