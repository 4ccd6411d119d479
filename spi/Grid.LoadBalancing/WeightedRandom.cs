using Grid.Spi;

namespace Grid.LoadBalancing;

/// <summary>
/// Draws a candidate, each with a chance in proportion to its slots, whatever its load. For many short jobs on nodes of different sizes.
/// </summary>
/// <param name="seed">Where the sequence of draws begins; give each node another.</param>
public sealed class WeightedRandom(int seed) : ILoadBalancingSpi
{
    private readonly Dice _dice = new(seed);

    /// <inheritdoc/>
    public int Choose(ReadOnlySpan<NodeLoad> candidates)
    {
        var total = 0;
        foreach (var candidate in candidates)
        {
            total += Math.Max(1, candidate.Node.Slots);
        }

        var drawn = _dice.Below(total);
        var index = 0;
        for (; (drawn -= Math.Max(1, candidates[index].Node.Slots)) >= 0; index++)
        {
        }

        return index;
    }
}
