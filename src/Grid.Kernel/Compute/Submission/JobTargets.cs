using System.Collections.Immutable;

namespace Grid.Kernel.Compute.Submission;

/// <summary>One topology view and, at the same positions, the targets of its nodes. Immutable.</summary>
/// <param name="View">The view.</param>
/// <param name="All">The target of each node of the view.</param>
internal sealed record JobTargets(TopologyView View, ImmutableArray<JobTarget> All)
{
    public static JobTargets None { get; } = new(TopologyView.Empty, []);
}
