namespace Grid.Cli;

/// <summary>What a member answered.</summary>
/// <param name="Node">The member.</param>
/// <param name="Report">Its answer; null when there is none.</param>
/// <param name="Error">Why there is none.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record SurveyedNode(NodeInfo Node, NodeReport? Report, GridException? Error, TimeSpan Elapsed);
