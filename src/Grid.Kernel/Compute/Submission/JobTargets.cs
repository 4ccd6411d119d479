using System.Collections.Immutable;
using Grid.Kernel.Health;

namespace Grid.Kernel.Compute.Submission;

/// <summary>One topology view and, at the same positions, the targets of its nodes; and how the nodes stood. Immutable.</summary>
/// <param name="View">The view.</param>
/// <param name="All">The target of each node of the view.</param>
/// <param name="Health">How the members stood; it may be about a slightly older or newer view.</param>
internal sealed record JobTargets(TopologyView View, ImmutableArray<JobTarget> All, HealthView Health)
{
    public static JobTargets None { get; } = new(TopologyView.Empty, [], HealthView.Empty);
}
