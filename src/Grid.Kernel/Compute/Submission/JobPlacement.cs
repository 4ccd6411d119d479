using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>Shows the load balancer the nodes that may run a job and takes its choice.</summary>
internal sealed class JobPlacement(ILoadBalancingSpi balancer, ILogger logger)
{
    // Candidates of the choice that this thread is making; the balancer sees them during the call only.
    [ThreadStatic]
    private static Candidates? Scratch;

    /// <summary>Chooses a node, preferring those that have not failed the job.</summary>
    /// <param name="spec">Where the job may run.</param>
    /// <param name="machine">Its history.</param>
    /// <param name="isRepeated">Whether every node left has failed the job already.</param>
    /// <returns>The target, or null when no member may run the job.</returns>
    public JobTarget? Choose(JobSpec spec, in JobMachine machine, out bool isRepeated)
    {
        isRepeated = false;
        var eligible = spec.Nodes.Targets;
        if (eligible.IsEmpty)
        {
            return null;
        }

        var isFirst = machine.Attempt == 0 && spec.Avoided.Count == 0;
        if (isFirst && eligible.Length == 1)
        {
            return eligible[0];
        }

        var candidates = Scratch ??= new Candidates();
        foreach (var target in eligible)
        {
            if (isFirst || !(machine.HasFailedOn(target.Node.Key) || spec.Avoided.Contains(target.Node.Key)))
            {
                candidates.Add(target);
            }
        }

        if (candidates.Count == 0)
        {
            isRepeated = machine.Attempt > 0;
            candidates.AddAll(eligible);
        }

        var chosen = candidates.Targets[candidates.Count == 1 ? 0 : Ask(candidates, spec)];
        candidates.Clear();
        return chosen;
    }

    private int Ask(Candidates candidates, JobSpec spec)
    {
        var index = balancer.Choose(candidates.Loads, new PlacementRequest(spec.Options.AffinityKey));
        if ((uint)index < (uint)candidates.Count)
        {
            return index;
        }

        ComputeLog.BalancerOutOfRange(logger, balancer.GetType().Name, index, candidates.Count);
        return 0;
    }

    private sealed class Candidates
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

        public void AddAll(ReadOnlySpan<JobTarget> targets)
        {
            foreach (var target in targets)
            {
                Add(target);
            }
        }

        public void Clear()
        {
            Array.Clear(Targets, 0, Count);
            Array.Clear(_loads, 0, Count);
            Count = 0;
        }
    }
}
