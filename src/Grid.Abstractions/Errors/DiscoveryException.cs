namespace Grid;

/// <summary>The registry of members could not be reached or refused a request.</summary>
/// <param name="message">What happened, to whom, and what the reader can do.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class DiscoveryException(string message, Exception? innerException = null) : GridException(message, innerException)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}
