namespace Grid.Kernel.Tests.Gossip;

/// <summary>A topology that does not change.</summary>
internal sealed class FixedTopology(params NodeInfo[] nodes) : ITopology
{
    public TopologyView Current { get; } = new(1, nodes);

    public IAsyncEnumerable<TopologyChange> ChangesAsync(long afterVersion, CancellationToken ct = default) => throw new NotSupportedException("This topology does not change.");
}
