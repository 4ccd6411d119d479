using Grid.Spi;

namespace Grid.LoadBalancing;

/// <summary>
/// Takes the candidates in turn, whatever their load. Right when nodes and jobs are alike; jobs of very different
/// length pile up behind the long ones: take <see cref="LeastInFlight"/> then.
/// </summary>
public sealed class RoundRobin : ILoadBalancingSpi
{
    private uint _turns; // Incremented by every caller.

    /// <inheritdoc/>
    public int Choose(ReadOnlySpan<NodeLoad> candidates) => (int)((Interlocked.Increment(ref _turns) - 1) % (uint)candidates.Length);
}
