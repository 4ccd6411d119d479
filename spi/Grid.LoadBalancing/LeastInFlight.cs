using Grid.Spi;

namespace Grid.LoadBalancing;

/// <summary>
/// Takes the candidate with the fewest unanswered attempts of this submitter per slot, in turn among equals. It looks at
/// all candidates: tens of nanoseconds for ten nodes, microseconds for a thousand. What other submitters have sent it does not see.
/// </summary>
public sealed class LeastInFlight : ILoadBalancingSpi
{
    private uint _turns; // Incremented by every caller; where the search starts, so that equals share.

    /// <inheritdoc/>
    public int Choose(ReadOnlySpan<NodeLoad> candidates)
    {
        var start = (int)((Interlocked.Increment(ref _turns) - 1) % (uint)candidates.Length);
        var best = start;
        for (var i = 1; i < candidates.Length; i++)
        {
            var index = start + i < candidates.Length ? start + i : start + i - candidates.Length;
            if (IsLess(candidates[index], candidates[best]))
            {
                best = index;
            }
        }

        return best;
    }

    // left.InFlight / left.Slots < right.InFlight / right.Slots, without the division.
    private static bool IsLess(NodeLoad left, NodeLoad right) =>
        (long)left.InFlight * Math.Max(1, right.Node.Slots) < (long)right.InFlight * Math.Max(1, left.Node.Slots);
}
