namespace Grid;

/// <summary>Every node that could have run the job refused to take it, for the reason in the message.</summary>
/// <param name="message">What happened, to whom, and what the reader can do.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class JobRejectedException(string message, Exception? innerException = null) : GridException(message, innerException)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}
