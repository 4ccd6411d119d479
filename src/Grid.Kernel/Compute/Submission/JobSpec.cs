using Grid.Kernel.Compute.Wire;

namespace Grid.Kernel.Compute.Submission;

/// <summary>What all jobs of one call have in common.</summary>
/// <param name="Scope">On whose behalf.</param>
/// <param name="Nodes">Where they may run.</param>
/// <param name="Options">How they are run.</param>
internal sealed record JobSpec(SubmitterScope Scope, EligibleNodes Nodes, JobOptions Options)
{
    /// <summary>Whether the caller wants to know when the job starts and how far it is.</summary>
    public bool WantsNotices { get; init; }

    /// <summary>Nodes that are taken only when there is no other.</summary>
    public IReadOnlyList<NodeKey> Avoided { get; init; } = [];

    /// <summary>The number that the jobs of one call have in common; 0 for a call of a single job.</summary>
    public long Call { get; init; }

    /// <summary>Looks after the call's stragglers; null when nobody does.</summary>
    public StragglerWatch? Stragglers { get; init; }

    /// <summary>Whether its jobs wait here when the nodes have no room; see <see cref="JobPlacement"/>.</summary>
    public bool MayBeHeld => Scope.Parent is null && Options.AffinityKey is null && !AdmissionTerms.AreIn(Options);
}
