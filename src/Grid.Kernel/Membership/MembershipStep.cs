using System.Collections.Immutable;

namespace Grid.Kernel.Membership;

/// <summary>The outcome of one event in <see cref="MembershipMachine"/>.</summary>
/// <param name="Effects">What to do.</param>
/// <param name="Changes">The changes that lead from the view before to the one after.</param>
/// <param name="Quarantined">Why records of the snapshot were left out, one sentence each.</param>
internal readonly record struct MembershipStep(
    MembershipEffects Effects,
    ImmutableArray<TopologyChange> Changes,
    ImmutableArray<string> Quarantined)
{
    public static MembershipStep Nothing { get; } = Only(MembershipEffects.None);

    public static MembershipStep Only(MembershipEffects effects) => new(effects, [], []);
}
