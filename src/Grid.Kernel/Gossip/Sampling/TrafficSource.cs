using Grid.Messaging;

namespace Grid.Kernel.Gossip.Sampling;

/// <summary>What the node has exchanged with its peers.</summary>
internal sealed class TrafficSource(Messenger messenger) : IMetricsSource
{
    /// <inheritdoc/>
    public void Sample(MetricSample sample, TimeSpan elapsed)
    {
        var traffic = messenger.Traffic;
        sample.SetCount(MetricField.BytesIn, traffic.BytesIn);
        sample.SetCount(MetricField.BytesOut, traffic.BytesOut);
        sample.SetCount(MetricField.FramesIn, traffic.FramesIn);
        sample.SetCount(MetricField.FramesOut, traffic.FramesOut);
    }
}
