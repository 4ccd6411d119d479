using System.Collections.Immutable;

namespace Grid.Collision;

/// <summary>How <see cref="FairShare"/> divides the slots of a node: the section <c>Grid:Collision:FairShare</c>.</summary>
public sealed record FairShareOptions
{
    /// <summary>The greatest weight.</summary>
    public const int WeightMax = 1000;

    /// <summary><c>By</c>: <c>Tenant</c> (default) or <c>Pool</c>. Jobs that name none share one share.</summary>
    public ShareKind By { get; init; } = ShareKind.Tenant;

    /// <summary><c>Weights:&lt;name&gt;</c>: how many jobs of that tenant or pool start for one of another that also has jobs waiting, 1 to 1,000. Who is not listed has 1.</summary>
    public ImmutableDictionary<string, int> Weights { get; init; } = ImmutableDictionary.Create<string, int>(StringComparer.Ordinal);
}
