namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// The targets that a selector leaves, computed once per view: choosing a node for a job must not evaluate rules again.
/// </summary>
internal sealed class EligibleNodes(TargetDirectory directory, NodeSelector selector)
{
    // Replaced by whoever finds it outdated; two threads may do the same work, which is harmless.
    private volatile Evaluated? _latest;

    /// <summary>The targets that may take a new job now.</summary>
    public ReadOnlySpan<JobTarget> Targets => Evaluate().Targets;

    /// <summary>The live members that match the selector, whatever their state.</summary>
    public IReadOnlyList<NodeInfo> Members => [.. directory.Current.View.Nodes.Where(selector.Matches)];

    /// <summary>Why each member may not take a job.</summary>
    public IReadOnlyList<NodeExclusion> Exclusions() =>
        [.. directory.Current.View.Nodes.Select(node => new NodeExclusion(node, Explain(node) ?? "may take it now")).Where(exclusion => Explain(exclusion.Node) is not null)];

    private Evaluated Evaluate()
    {
        var targets = directory.Current;
        if (_latest is { } latest && ReferenceEquals(latest.Source, targets))
        {
            return latest;
        }

        var eligible = targets.All.Where(target => Explain(target.Node) is null).ToArray();
        return _latest = new Evaluated(targets, eligible);
    }

    private string? Explain(NodeInfo node) => node.State switch
    {
        NodeState.Draining => "is draining",
        NodeState.Leaving => "is leaving",
        _ => node.Slots == 0 ? "has no slots" : selector.Explain(node),
    };

    private sealed record Evaluated(JobTargets Source, JobTarget[] Targets);
}
