using System.Globalization;
using Grid.Kernel.Compute.Wire;

namespace Grid.Kernel.Compute.Submission;

/// <summary>The exceptions of jobs that came to no outcome, with what the reader needs to know.</summary>
internal static class JobErrors
{
    private static NoEligibleNodeException Unplaceable(string name, IReadOnlyList<NodeExclusion> exclusions) =>
        new(
            exclusions.Count == 0
                ? $"Job {name} cannot run: the grid has no worker nodes. Start one, or check that the client is connected to the right cluster."
                : $"Job {name} cannot run on any of the {exclusions.Count} members:{List(exclusions.Select(exclusion => $"{exclusion.Node} {exclusion.Reason}"))}",
            exclusions);

    /// <summary>For an effect that ends a job as failed.</summary>
    /// <param name="effect">The effect.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="spec">How it was run.</param>
    /// <param name="attempts">Its attempts.</param>
    /// <param name="failuresMax">How many of them may fail.</param>
    public static GridException Of(JobEffect effect, string name, JobSpec spec, IReadOnlyList<JobAttempt> attempts, int failuresMax) => effect switch
    {
        JobEffect.FailUnplaceable => Unplaceable(name, spec.Nodes.Exclusions()),
        JobEffect.FailLost => Lost(name, attempts, spec.Options.IsIdempotent, failuresMax),
        JobEffect.FailRejected => Rejected(name, attempts),
        _ => throw new InvalidOperationException($"The effect {effect} is no failure."),
    };

    private static NodeLostException Lost(string name, IReadOnlyList<JobAttempt> attempts, bool isIdempotent, int failuresMax) =>
        new(
            isIdempotent
                ? $"Job {name} was lost with its nodes and is not tried again after {attempts.Count} of at most {failuresMax} attempts (MaxAttempts):{List(attempts)}"
                : $"Job {name} may have started on a node that was lost, and it must not run twice (IsIdempotent is false):{List(attempts)}",
            attempts);

    private static JobRejectedException Rejected(string name, IReadOnlyList<JobAttempt> attempts) =>
        new($"Job {name} was refused by the nodes it was sent to:{List(attempts)}");

    public static JobTimeoutException TimedOut(string name, TimeSpan elapsed, NodeInfo? node, IReadOnlyList<JobAttempt> attempts)
    {
        var where = node is null ? "waiting for a node" : $"last sent to {node}";
        return new JobTimeoutException(string.Create(CultureInfo.InvariantCulture, $"Job {name} did not end within its time: given up after {elapsed.TotalMilliseconds:0} ms, {where}.{List(attempts)}"));
    }

    /// <summary>For a reply that is neither a result nor the job's own exception.</summary>
    public static Exception NotRun(string name, NodeInfo? node, in JobReply reply) => reply.Status == ReplyStatus.Cancelled
        ? new OperationCanceledException($"Job {name} was cancelled on {node} by {reply.Reason()}.")
        : new CodeShippingException($"Job {name} could not be read on {node}: {reply.Reason()}");

    private static string List(IEnumerable<object> lines) => string.Concat(lines.Select(line => $"{Environment.NewLine}  - {line}"));
}
