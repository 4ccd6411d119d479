namespace Grid;

/// <summary>A pipe or link to another node could not be opened, or broke.</summary>
/// <param name="message">What happened, to whom, and what the reader can do.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class CommunicationException(string message, Exception? innerException = null) : GridException(message, innerException)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;

    /// <summary>
    /// Whether the peer may have received what was being sent. <see langword="false"/> is a promise: it can be sent again without being done twice.
    /// </summary>
    public bool MayHaveBeenDelivered { get; init; }
}
