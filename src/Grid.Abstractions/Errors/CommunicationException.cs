namespace Grid;

/// <summary>A pipe or link to another node could not be opened, or broke.</summary>
/// <param name="message">What happened, to whom, and what the reader can do.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class CommunicationException(string message, Exception? innerException = null) : GridException(message, innerException)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}
