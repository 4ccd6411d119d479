using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>Shows the load balancer the nodes that may run a job and have room for it, and takes its choice.</summary>
/// <remarks>
/// Room counts for a job that the process itself submits and that was not tried before. Nested work is placed at once, because its parents wait for it in the very rooms that it needs; so is
/// what was tried before, which has waited; what has an affinity key, whose node is known; and what has a priority, pool, tenant or resources, which the node's collision provider must see.
/// </remarks>
internal sealed class JobPlacement(ILoadBalancingSpi balancer, ComputeOptions options, TimeProvider time, ILogger logger)
{
    // Candidates of the choice that this thread is making; the balancer sees them during the call only.
    [ThreadStatic]
    private static PlacementCandidates? Scratch;

    private readonly long _period = (long)(options.WindowPeriod.TotalSeconds * time.TimestampFrequency);

    /// <summary>Chooses a node, preferring those that have not failed the job.</summary>
    /// <param name="spec">Where the job may run.</param>
    /// <param name="machine">Its history.</param>
    /// <param name="now">A timestamp.</param>
    /// <param name="verdict">What came of it.</param>
    /// <returns>The target, or null when there is none.</returns>
    public JobTarget? Choose(JobSpec spec, in JobMachine machine, long now, out PlacementVerdict verdict)
    {
        var eligible = spec.Nodes.Targets;
        if (eligible.IsEmpty)
        {
            verdict = PlacementVerdict.NoNode;
            return null;
        }

        var needsRoom = machine.Attempt == 0 && spec.MayBeHeld;
        if (eligible.Length == 1 && machine.Attempt == 0)
        {
            verdict = !needsRoom || eligible[0].HasRoom(now, _period) ? PlacementVerdict.Chosen : PlacementVerdict.NoRoom;
            return verdict == PlacementVerdict.Chosen ? eligible[0] : null;
        }

        var candidates = Scratch ??= new PlacementCandidates();
        var isRepeated = !AddUntried(candidates, spec, in machine, needsRoom ? now : null);
        if (isRepeated)
        {
            AddAll(candidates, eligible, needsRoom ? now : null);
        }

        verdict = candidates.Count == 0 ? PlacementVerdict.NoRoom : isRepeated && machine.Attempt > 0 ? PlacementVerdict.Repeated : PlacementVerdict.Chosen;
        return Take(candidates, spec, machine.Wanted);
    }

    /// <summary>Chooses a node for a second attempt: one that has not had the job.</summary>
    /// <returns>The target, or null when there is none.</returns>
    public JobTarget? ChooseAnother(JobSpec spec, in JobMachine machine)
    {
        var candidates = Scratch ??= new PlacementCandidates();
        AddUntried(candidates, spec, in machine, roomAt: null);
        return Take(candidates, spec, wanted: null);
    }

    /// <summary>The nodes that may run the job and have not failed it.</summary>
    public static IReadOnlyList<NodeInfo> Untried(JobSpec spec, in JobMachine machine)
    {
        var nodes = new List<NodeInfo>();
        foreach (var target in spec.Nodes.Targets)
        {
            if (!machine.HasTried(target.Node.Key) && !spec.Avoided.Contains(target.Node.Key))
            {
                nodes.Add(target.Node);
            }
        }

        return nodes;
    }

    /// <returns>Whether there are any, room or not.</returns>
    private bool AddUntried(PlacementCandidates candidates, JobSpec spec, in JobMachine machine, long? roomAt)
    {
        var hasUntried = false;
        var isFirst = machine.Attempt == 0 && spec.Avoided.Count == 0;
        foreach (var target in spec.Nodes.Targets)
        {
            if (isFirst || !(machine.HasTried(target.Node.Key) || spec.Avoided.Contains(target.Node.Key)))
            {
                hasUntried = true;
                AddIfRoom(candidates, target, roomAt);
            }
        }

        return hasUntried;
    }

    private void AddAll(PlacementCandidates candidates, ReadOnlySpan<JobTarget> targets, long? roomAt)
    {
        foreach (var target in targets)
        {
            AddIfRoom(candidates, target, roomAt);
        }
    }

    private void AddIfRoom(PlacementCandidates candidates, JobTarget target, long? roomAt)
    {
        if (roomAt is not { } now || target.HasRoom(now, _period))
        {
            candidates.Add(target);
        }
    }

    private JobTarget? Take(PlacementCandidates candidates, JobSpec spec, NodeId? wanted)
    {
        if (candidates.Count == 0)
        {
            return null;
        }

        var index = candidates.Count == 1 ? 0 : wanted is { } node && candidates.Find(node) is >= 0 and var found ? found : Ask(candidates, spec);
        var chosen = candidates.Targets[index];
        candidates.Clear();
        return chosen;
    }

    private int Ask(PlacementCandidates candidates, JobSpec spec)
    {
        var index = balancer.Choose(candidates.Loads, new PlacementRequest(spec.Options.AffinityKey));
        if ((uint)index < (uint)candidates.Count)
        {
            return index;
        }

        ComputeLog.BalancerOutOfRange(logger, balancer.GetType().Name, index, candidates.Count);
        return 0;
    }
}
