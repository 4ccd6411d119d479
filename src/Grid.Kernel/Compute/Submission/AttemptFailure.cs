using Grid.Kernel.Compute.Wire;
using Grid.Spi;

namespace Grid.Kernel.Compute.Submission;

/// <summary>Why an attempt gave no result.</summary>
/// <param name="Reason">In words, for the history.</param>
/// <param name="Kind">How it failed.</param>
/// <param name="MayHaveRun">The job's code may have been started.</param>
internal readonly record struct AttemptFailure(string Reason, AttemptFailureKind Kind, bool MayHaveRun)
{
    /// <summary>What the job threw; null unless <see cref="AttemptFailureKind.Threw"/>.</summary>
    public Exception? Exception { get; init; }

    /// <summary>Whether the submitter took the job back, so that the attempt does not count against <see cref="JobOptions.MaxAttempts"/>.</summary>
    public bool IsMove { get; init; }

    /// <summary>The node answered that it did not run the job to its end.</summary>
    public static AttemptFailure Refused(in JobReply reply) => reply.Status == ReplyStatus.GivenUp
        ? new(reply.Reason(), AttemptFailureKind.GivenUp, MayHaveRun: true)
        : new(reply.Reason(), AttemptFailureKind.Rejected, MayHaveRun: false);

    /// <summary>The job's code threw, and the failover provider may want to try it again.</summary>
    public static AttemptFailure Threw(Exception exception) =>
        new($"threw {exception.GetType().FullName}: {exception.Message}", AttemptFailureKind.Threw, MayHaveRun: true) { Exception = exception };
}
