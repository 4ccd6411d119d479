using Grid.Spi;

namespace Grid.LoadBalancing;

/// <summary>Weighs candidates against each other by what is known of them. Lives as long as one choice.</summary>
internal ref struct Scales(ReadOnlySpan<NodeLoad> candidates)
{
    /// <summary>By how much run times may set nodes apart: jobs differ too, and a node that once ran a long one must not be shunned for ever.</summary>
    private const double SpeedSpreadMax = 16;

    private const double Rounding = 1e-9;

    private static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(5);

    private readonly ReadOnlySpan<NodeLoad> _candidates = candidates;
    private bool _isWorstKnown;
    private double _worstOthersPerSlot;
    private double _worstRunMs;

    /// <summary>Whether the job would probably be done sooner on one candidate than on another.</summary>
    public bool IsSooner(int index, int than)
    {
        var fastest = Math.Min(_candidates[index].Metrics?.RunTimeP50Ms ?? double.MaxValue, _candidates[than].Metrics?.RunTimeP50Ms ?? double.MaxValue);
        return Cost(index, fastest) < Cost(than, fastest);
    }

    /// <summary>Whether the job would probably run at once.</summary>
    public bool HasFreeSlot(int index) => QueuePerSlot(index) <= 1 - (1.0 / Slots(index)) + Rounding;

    /// <summary>How long until the job would be done, in an arbitrary unit.</summary>
    private double Cost(int index, double fastestMs)
    {
        var runMs = fastestMs;
        if (_candidates[index].Metrics is { } metrics)
        {
            runMs = metrics.RunTimeP50Ms ?? fastestMs;
        }
        else
        {
            FindWorst();
            runMs = _worstRunMs;
        }

        var slowness = fastestMs is > 0 and < double.MaxValue && runMs > 0 ? Math.Clamp(runMs / fastestMs, 1, SpeedSpreadMax) : 1;
        return (QueuePerSlot(index) + (1.0 / Slots(index))) * slowness;
    }

    /// <summary>The jobs on the node per slot: this submitter's, and those of others as far as they are known.</summary>
    private double QueuePerSlot(int index)
    {
        var own = (double)_candidates[index].InFlight / Slots(index);
        var others = OthersPerSlot(index);
        var trust = Trust(_candidates[index]);
        if (trust >= 1)
        {
            return own + others;
        }

        FindWorst();
        return own + (trust * others) + ((1 - trust) * Math.Max(others, _worstOthersPerSlot));
    }

    private readonly double OthersPerSlot(int index) => _candidates[index].Metrics is { } metrics
        ? Math.Max(0.0, (double)(metrics.JobsActive ?? 0) + (metrics.JobsWaiting ?? 0) - _candidates[index].InFlightCounted) / Slots(index)
        : 0;

    private static double Trust(in NodeLoad load) =>
        load.Metrics?.JobsActive is null ? 0 : load.Age <= HalfLife ? 1 : Math.Pow(2, 1 - (load.Age / HalfLife));

    /// <summary>What an unknown node is taken for: looked for only when there is one.</summary>
    private void FindWorst()
    {
        if (_isWorstKnown)
        {
            return;
        }

        _isWorstKnown = true;
        for (var index = 0; index < _candidates.Length; index++)
        {
            _worstOthersPerSlot = Math.Max(_worstOthersPerSlot, OthersPerSlot(index));
            _worstRunMs = Math.Max(_worstRunMs, _candidates[index].Metrics?.RunTimeP50Ms ?? 0);
        }
    }

    private readonly int Slots(int index) => Math.Max(1, _candidates[index].Node.Slots);
}
