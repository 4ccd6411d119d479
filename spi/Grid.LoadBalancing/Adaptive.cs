using Grid.Spi;

namespace Grid.LoadBalancing;

/// <summary>
/// Draws two candidates at random and takes the one on which the job would probably be done sooner, from what the nodes told of their queues and of how long jobs run
/// there, corrected by what this submitter has sent since. When both would let the job wait, it looks for a node with a free slot that is better than either.
/// </summary>
/// <remarks>
/// <para>Two draws instead of the best of all, because all submitters see nearly the same figures: the best of all would be everybody's choice at once (M. Mitzenmacher, "The
/// Power of Two Choices in Randomized Load Balancing", 2001, and "How Useful Is Old Information?", 2000).</para>
/// <para>A node of which nothing is known counts like the most loaded of those that are known: silence is not idleness. What is known is believed for
/// five seconds and then, halving every five, gives way to that too.</para>
/// <para>Costs a tenth of a microsecond when one of the two has a free slot, else up to two (a microsecond more per hundred nodes when some of those looked at are unknown or old). It allocates
/// nothing and takes no lock.</para>
/// </remarks>
/// <param name="seed">Where the sequence of draws begins; give each node another, or all draw alike.</param>
public sealed class Adaptive(int seed) : ILoadBalancingSpi
{
    /// <summary>How many other nodes are asked for a free slot at most: a choice must not cost more than a small job.</summary>
    private const int LooksMax = 16;

    private readonly Dice _dice = new(seed);

    /// <inheritdoc/>
    public int Choose(ReadOnlySpan<NodeLoad> candidates)
    {
        if (candidates.Length == 1)
        {
            return 0;
        }

        var scales = new Scales(candidates);
        var first = _dice.Below(candidates.Length);
        var second = (first + 1 + _dice.Below(candidates.Length - 1)) % candidates.Length;
        var best = scales.IsSooner(second, first) ? second : first;
        return scales.HasFreeSlot(best) ? best : FreeOr(best, ref scales, candidates.Length);
    }

    /// <summary>A candidate with a free slot on which the job would be done sooner than on the best so far, or else that one.</summary>
    private int FreeOr(int best, ref Scales scales, int candidates)
    {
        var start = _dice.Below(candidates);
        for (var step = 0; step < Math.Min(LooksMax, candidates); step++)
        {
            var index = start + step < candidates ? start + step : start + step - candidates;
            if (scales.HasFreeSlot(index) && scales.IsSooner(index, best))
            {
                return index;
            }
        }

        return best;
    }
}
