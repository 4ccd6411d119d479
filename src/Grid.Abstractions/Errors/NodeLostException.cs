namespace Grid;

/// <summary>The nodes that the job was sent to were lost, until no attempt was left.</summary>
/// <param name="message">What happened, to whom, and what the reader can do.</param>
/// <param name="attempts">Every attempt, in order.</param>
public sealed class NodeLostException(string message, IReadOnlyList<JobAttempt> attempts) : GridException(message)
{
    /// <summary>Every attempt, in order.</summary>
    public IReadOnlyList<JobAttempt> Attempts { get; } = attempts;

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
