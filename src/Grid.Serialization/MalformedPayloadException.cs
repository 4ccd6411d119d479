namespace Grid.Serialization;

/// <summary>Bytes are not a payload of the expected type, are damaged, or exceed a limit of the reader. Nothing of them was kept.</summary>
/// <param name="message">What is wrong, and at which byte.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class MalformedPayloadException(string message, Exception? innerException = null) : GridException(message, innerException);
