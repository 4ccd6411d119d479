using Grid.Spi;

namespace Grid.Kernel.Compute.Submission;

/// <summary>The targets that one choice is made among, and what is known of their load. Kept by a thread and used again.</summary>
internal sealed class PlacementCandidates
{
    private NodeLoad[] _loads = new NodeLoad[8];

    public JobTarget[] Targets { get; private set; } = new JobTarget[8];

    public int Count { get; private set; }

    public ReadOnlySpan<NodeLoad> Loads => _loads.AsSpan(0, Count);

    public void Add(JobTarget target)
    {
        if (Count == Targets.Length)
        {
            var targets = Targets;
            Array.Resize(ref targets, Count * 2);
            Array.Resize(ref _loads, Count * 2);
            Targets = targets;
        }

        Targets[Count] = target;
        _loads[Count++] = target.Metrics is { } known
            ? new NodeLoad(target.Node, target.InFlight) { Metrics = known.Metrics, Age = known.Age, InFlightCounted = known.InFlightCounted }
            : new NodeLoad(target.Node, target.InFlight);
    }

    /// <summary>The position of a node; -1 when it is not among them.</summary>
    public int Find(NodeId node)
    {
        for (var index = 0; index < Count; index++)
        {
            if (Targets[index].Node.Id == node)
            {
                return index;
            }
        }

        return -1;
    }

    public void Clear()
    {
        Array.Clear(Targets, 0, Count);
        Array.Clear(_loads, 0, Count);
        Count = 0;
    }
}
