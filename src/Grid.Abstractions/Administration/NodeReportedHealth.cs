namespace Grid;

/// <summary>What a node says of the health of a member, itself included.</summary>
/// <param name="Id">The member.</param>
/// <param name="Name">Its name.</param>
/// <param name="Condition">What follows for the placement of jobs.</param>
/// <param name="Reason">Why, as the end of a sentence about the member.</param>
public sealed record NodeReportedHealth(NodeId Id, string Name, NodeCondition Condition, string Reason);
