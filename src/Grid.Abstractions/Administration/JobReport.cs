namespace Grid;

/// <summary>One attempt of a job, as the node that has it reports it.</summary>
public sealed record JobReport
{
    /// <summary>The job; the same for all its attempts.</summary>
    public required JobId Id { get; init; }

    /// <summary>1 for the first attempt, and so on.</summary>
    public required int Attempt { get; init; }

    /// <summary>
    /// <see cref="JobOptions.Name"/>, at most 128 characters, or else the job's method. Empty for a job without a name that still waits: its code has not been read.
    /// </summary>
    public string Name { get; init; } = "";

    /// <summary>The name of the node or client that submitted it.</summary>
    public string Submitter { get; init; } = "";

    /// <summary><see cref="JobStatus.Waiting"/> for a slot, <see cref="JobStatus.Running"/>, or <see cref="JobStatus.Abandoned"/>.</summary>
    public JobStatus Status { get; init; }

    /// <summary>How long the attempt has been on the node.</summary>
    public TimeSpan Age { get; init; }
}
