using System.Diagnostics;

namespace Grid.Kernel.Compute;

/// <summary>The spans of jobs, for W3C tracing.</summary>
internal static class ComputeTelemetry
{
    private static readonly ActivitySource Source = new("Grid.Compute");

    /// <summary>Starts the span of a job under the submitter's; null when nobody listens.</summary>
    public static Activity? StartJob(ActivityContext submitter) =>
        Source.HasListeners() ? Source.StartActivity("grid.job", ActivityKind.Server, submitter) : null;
}
