namespace Grid.Kernel.Gossip;

/// <summary>A part of the node that knows some of its figures.</summary>
internal interface IMetricsSource
{
    /// <summary>
    /// Writes what is known now; a figure that is not known is left alone. Called once per period on the gossip thread: it must not block, throw or allocate.
    /// </summary>
    /// <param name="sample">Where to write.</param>
    /// <param name="elapsed">The time since the call before; zero at the first.</param>
    void Sample(MetricSample sample, TimeSpan elapsed);
}
