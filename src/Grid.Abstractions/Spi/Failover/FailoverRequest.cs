namespace Grid.Spi;

/// <summary>What a failover provider is told of a job whose attempt gave no result.</summary>
public sealed record FailoverRequest
{
    /// <summary>The job.</summary>
    public required JobId Job { get; init; }

    /// <summary>How the last attempt failed.</summary>
    public required AttemptFailureKind Failure { get; init; }

    /// <summary>All attempts that gave no result, in the order in which they failed; the last one is what is asked about.</summary>
    public required IReadOnlyList<JobAttempt> Attempts { get; init; }

    /// <summary>How often the job may fail before it is given up; more than <see cref="Attempts"/> has.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>The nodes that may run the job now and have not failed it yet, in join order; may be empty.</summary>
    public required IReadOnlyList<NodeInfo> Candidates { get; init; }

    /// <summary>
    /// The full names of the type of the job's own exception and of its base types, the thrown type first; empty after any other failure. Of an exception whose type cannot be
    /// loaded here only its own name is known, followed by that of <see cref="RemoteJobException"/> and its base types.
    /// </summary>
    public IReadOnlyList<string> ExceptionTypes { get; init; } = [];
}
