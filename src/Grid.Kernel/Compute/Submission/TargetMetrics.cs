namespace Grid.Kernel.Compute.Submission;

/// <summary>The metrics of a node beside what this submitter had there.</summary>
/// <param name="Metrics">The figures.</param>
/// <param name="Age">How old they were when metrics were published last.</param>
/// <param name="InFlightCounted">How many of the submitter's attempts the figures probably include.</param>
/// <param name="InFlightThen">The submitter's attempts under way when the figures arrived.</param>
internal sealed record TargetMetrics(NodeMetrics Metrics, TimeSpan Age, int InFlightCounted, int InFlightThen);
