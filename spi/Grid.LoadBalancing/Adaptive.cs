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
/// <para>Costs tens of nanoseconds when one of the two has a free slot, else a few per candidate. It allocates nothing and takes no lock.</para>
/// </remarks>
/// <param name="seed">Where the sequence of draws begins; give each node another, or all draw alike.</param>
public sealed class Adaptive(int seed) : ILoadBalancingSpi
{
    /// <summary>By how much run times may set nodes apart: jobs differ too, and a node that once ran a long one must not be shunned for ever.</summary>
    private const double SpeedSpreadMax = 16;

    private const double Rounding = 1e-9;

    private static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(5);

    private readonly Dice _dice = new(seed);

    /// <inheritdoc/>
    public int Choose(ReadOnlySpan<NodeLoad> candidates)
    {
        if (candidates.Length == 1)
        {
            return 0;
        }

        var first = _dice.Below(candidates.Length);
        var second = (first + 1 + _dice.Below(candidates.Length - 1)) % candidates.Length;
        var worst = NeedsWorst(candidates[first]) || NeedsWorst(candidates[second]) ? Worst(candidates) : default;
        var speed = Fastest(candidates[first], candidates[second]);
        var best = Cost(candidates[second], worst, speed) < Cost(candidates[first], worst, speed) ? second : first;
        return HasFreeSlot(candidates[best], worst) ? best : FreeOr(best, candidates);
    }

    /// <summary>A candidate with a free slot on which the job would be done sooner than on the best so far, or else that one.</summary>
    private int FreeOr(int best, ReadOnlySpan<NodeLoad> candidates)
    {
        var worst = Worst(candidates);
        var start = _dice.Below(candidates.Length);
        for (var step = 0; step < candidates.Length; step++)
        {
            var index = start + step < candidates.Length ? start + step : start + step - candidates.Length;
            if (HasFreeSlot(candidates[index], worst))
            {
                var speed = Fastest(candidates[index], candidates[best]);
                if (Cost(candidates[index], worst, speed) < Cost(candidates[best], worst, speed))
                {
                    return index;
                }
            }
        }

        return best;
    }

    /// <summary>How long until the job would be done, in an arbitrary unit.</summary>
    private static double Cost(in NodeLoad load, in Known worst, double fastestMs)
    {
        var runMs = load.Metrics is null ? worst.RunMs : load.Metrics.RunTimeP50Ms ?? fastestMs;
        var slowness = fastestMs > 0 && runMs > 0 ? Math.Clamp(runMs / fastestMs, 1, SpeedSpreadMax) : 1;
        return (QueuePerSlot(load, worst) + (1.0 / Slots(load))) * slowness;
    }

    private static bool HasFreeSlot(in NodeLoad load, in Known worst) => QueuePerSlot(load, worst) <= 1 - (1.0 / Slots(load)) + Rounding;

    /// <summary>The jobs on the node per slot: this submitter's, and those of others as far as they are known.</summary>
    private static double QueuePerSlot(in NodeLoad load, in Known worst)
    {
        var trust = Trust(load);
        var others = trust > 0 ? OthersPerSlot(load) : 0;
        return ((double)load.InFlight / Slots(load)) + (trust * others) + ((1 - trust) * Math.Max(others, worst.OthersPerSlot));
    }

    private static double OthersPerSlot(in NodeLoad load) =>
        load.Metrics is { } metrics ? Math.Max(0.0, (metrics.JobsActive ?? 0) + (metrics.JobsWaiting ?? 0) - load.InFlightCounted) / Slots(load) : 0;

    private static double Trust(in NodeLoad load) =>
        load.Metrics?.JobsActive is null ? 0 : load.Age <= HalfLife ? 1 : Math.Pow(2, 1 - (load.Age / HalfLife));

    private static bool NeedsWorst(in NodeLoad load) => load.Metrics?.JobsActive is null || load.Age > HalfLife;

    private static Known Worst(ReadOnlySpan<NodeLoad> candidates)
    {
        double others = 0, runMs = 0;
        foreach (ref readonly var load in candidates)
        {
            others = Math.Max(others, OthersPerSlot(load));
            runMs = Math.Max(runMs, load.Metrics?.RunTimeP50Ms ?? 0);
        }

        return new Known(others, runMs);
    }

    private static double Fastest(in NodeLoad left, in NodeLoad right) =>
        Math.Min(left.Metrics?.RunTimeP50Ms ?? double.MaxValue, right.Metrics?.RunTimeP50Ms ?? double.MaxValue) is < double.MaxValue and var fastest ? fastest : 0;

    private static int Slots(in NodeLoad load) => Math.Max(1, load.Node.Slots);

    private readonly record struct Known(double OthersPerSlot, double RunMs);
}
