namespace Grid.Cli.Top;

/// <summary>One worker as <c>grid top</c> shows it.</summary>
/// <param name="Surveyed">Its report, or why there is none.</param>
/// <param name="State">Its state and condition in a word.</param>
/// <param name="Track">What was seen of it lately.</param>
internal sealed record TopNode(SurveyedNode Surveyed, string State, NodeTrack Track);
