namespace Grid.Spi;

/// <summary>The attempt of a job that uses a checkpoint.</summary>
/// <param name="Job">The job.</param>
/// <param name="Fence">Which attempt of it. A greater <see cref="JobFence.Attempt"/> of the same job replaces a smaller one.</param>
public readonly record struct CheckpointAttempt(JobId Job, JobFence Fence)
{
    /// <summary>Whether another attempt is a later one of the same job.</summary>
    /// <param name="other">The other.</param>
    public bool IsReplacedBy(CheckpointAttempt other) => Job == other.Job && other.Fence.Attempt > Fence.Attempt;
}
