namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// The targets that a selector leaves, computed once per view: choosing a node for a job must not evaluate rules again.
/// </summary>
/// <remarks>
/// Of the nodes that match, only those in the best condition are targets: starved ones are when none is well, cut ones when none is starved either. Suspects never are: when no other matches,
/// the job waits for one to answer, because discovery still says that it is there.
/// </remarks>
internal sealed class EligibleNodes(TargetDirectory directory, NodeSelector selector)
{
    // Replaced by whoever finds it outdated; two threads may do the same work, which is harmless.
    private volatile Evaluated? _latest;

    /// <summary>The targets that may take a new job now, and are the best to do so.</summary>
    public ReadOnlySpan<JobTarget> Targets => Evaluate().Best;

    /// <summary>The targets that match, whatever their condition.</summary>
    public ReadOnlySpan<JobTarget> Matching => Evaluate().Matching;

    /// <summary>
    /// Whether there are nodes to wait for when there is no target: some match, and cannot be reached at the moment, or could not a moment ago; or there is no member at all,
    /// as for a moment when all workers of a small grid are started again. That the members there are do not match is told at once.
    /// </summary>
    public bool IsWorthWaiting
    {
        get
        {
            var evaluated = Evaluate();
            return evaluated.Matching.Length > 0 || evaluated.Source.View.Nodes.IsEmpty;
        }
    }

    /// <summary>The live members that match the selector, whatever their state.</summary>
    public IReadOnlyList<NodeInfo> Members => [.. directory.Current.View.Nodes.Where(selector.Matches)];

    /// <summary>Why members may not take a job; those that may are left out.</summary>
    public IReadOnlyList<NodeExclusion> Exclusions()
    {
        var targets = directory.Current;
        return [.. targets.View.Nodes.Select(node => (Node: node, Reason: Explain(node) ?? SuspicionOf(node, targets))).Where(pair => pair.Reason is not null).Select(pair => new NodeExclusion(pair.Node, pair.Reason!))];
    }

    private static string? SuspicionOf(NodeInfo node, JobTargets targets) =>
        targets.Health.Of(node) is { Condition: NodeCondition.Suspect } suspect ? suspect.Reason : null;

    private Evaluated Evaluate()
    {
        var targets = directory.Current;
        if (_latest is { } latest && ReferenceEquals(latest.Source, targets))
        {
            return latest;
        }

        JobTarget[] matching = [.. targets.All.Where(target => Explain(target.Node) is null)];
        return _latest = new Evaluated(targets, matching, BestOf(matching, targets));
    }

    private static JobTarget[] BestOf(JobTarget[] matching, JobTargets targets)
    {
        if (matching.Length == 0)
        {
            return matching;
        }

        var conditions = Array.ConvertAll(matching, target => targets.Health.Of(target.Node).Condition);
        var best = conditions.Min();
        return best == NodeCondition.Suspect ? [] : [.. matching.Where((_, index) => conditions[index] == best)];
    }

    private string? Explain(NodeInfo node) => node.State switch
    {
        NodeState.Draining => "is draining",
        NodeState.Leaving => "is leaving",
        _ => node.Slots == 0 ? "has no slots" : selector.Explain(node),
    };

    private sealed record Evaluated(JobTargets Source, JobTarget[] Matching, JobTarget[] Best);
}
