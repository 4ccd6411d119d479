namespace Grid;

/// <summary>A checkpoint could not be saved, loaded or removed.</summary>
/// <param name="message">What happened, to which checkpoint, and what the reader can do.</param>
/// <param name="isTransient">Whether the same may succeed later.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class CheckpointException(string message, bool isTransient, Exception? innerException = null) : GridException(message, innerException)
{
    /// <inheritdoc/>
    public override bool IsTransient => isTransient;
}
