using System.Collections.Immutable;

namespace Grid;

/// <summary>What a process knows about whether a member can be reached and gets on with its work. Immutable.</summary>
/// <param name="Node">The member.</param>
/// <param name="Condition">What follows for the placement of jobs.</param>
/// <param name="Reason">Why, as the end of a sentence about the member; empty when it is well.</param>
public sealed record NodeHealth(NodeInfo Node, NodeCondition Condition, string Reason)
{
    /// <summary>The members that say that they cannot reach it, as far as this process has heard; in join order.</summary>
    public ImmutableArray<NodeInfo> UnreachableFor { get; init; } = [];

    /// <summary>Compares all that is said of the member.</summary>
    public bool Equals(NodeHealth? other) =>
        other is not null && Node == other.Node && Condition == other.Condition && Reason == other.Reason && UnreachableFor.AsSpan().SequenceEqual(other.UnreachableFor.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Node, Condition, Reason);
}
