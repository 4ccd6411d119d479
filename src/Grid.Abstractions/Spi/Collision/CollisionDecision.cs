namespace Grid.Spi;

/// <summary>What a collision provider wants done next: activate a job, refuse one, or let all wait.</summary>
public readonly record struct CollisionDecision
{
    private CollisionDecision(IWaitingJob job, string? refusal)
    {
        Job = job;
        Refusal = refusal;
    }

    /// <summary>Nothing is activated now. The provider is asked again after the next arrival or end of a job, and within a second.</summary>
    public static CollisionDecision Defer => default;

    /// <summary>The job that is activated or refused; <see langword="null"/> when all wait.</summary>
    public IWaitingJob? Job { get; }

    /// <summary>Why the job is refused; <see langword="null"/> when it is not.</summary>
    public string? Refusal { get; }

    /// <summary>The job gets a slot.</summary>
    /// <param name="job">A job that waits and fits.</param>
    public static CollisionDecision Activate(IWaitingJob job) => new(job, null);

    /// <summary>The job does not run here: its submitter is told why and tries another node.</summary>
    /// <param name="job">A job that waits.</param>
    /// <param name="reason">The reason, as the end of a sentence about the node: "takes no batch jobs by day".</param>
    public static CollisionDecision Reject(IWaitingJob job, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(job, reason);
    }
}
