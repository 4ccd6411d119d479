namespace Grid.Kernel.Gossip.Sampling;

/// <summary>Asks all sources, in their order, and keeps the time between two samples. One thread uses it; nothing is allocated.</summary>
internal sealed class NodeSampler(IReadOnlyList<IMetricsSource> sources)
{
    private readonly IMetricsSource[] _sources = [.. sources];
    private readonly MetricSample _sample = new();
    private TimeSpan? _lastAt;

    /// <summary>Measures the node; the result is valid until the next call.</summary>
    public ReadOnlySpan<long> Measure(TimeSpan now)
    {
        var elapsed = _lastAt is { } before && now > before ? now - before : TimeSpan.Zero;
        _lastAt = now;
        _sample.Clear();
        foreach (var source in _sources)
        {
            source.Sample(_sample, elapsed);
        }

        return _sample.Values;
    }
}
