namespace Grid.Cli.Top;

/// <summary>What <c>grid top</c> shows at one moment.</summary>
/// <param name="Nodes">The workers in join order.</param>
/// <param name="Jobs">The oldest jobs of the cluster.</param>
/// <param name="JobsLeftOut">How many more there are.</param>
/// <param name="Events">The latest events, the oldest first.</param>
internal sealed record TopFrame(IReadOnlyList<TopNode> Nodes, IReadOnlyList<(string Node, JobReport Job)> Jobs, int JobsLeftOut, IReadOnlyList<RecordedEvent> Events);
