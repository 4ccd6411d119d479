namespace Grid;

/// <summary>A member that may not run a job.</summary>
/// <param name="Node">The member.</param>
/// <param name="Reason">Why, as the end of a sentence about it.</param>
public sealed record NodeExclusion(NodeInfo Node, string Reason);
