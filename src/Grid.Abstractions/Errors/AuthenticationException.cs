namespace Grid;

/// <summary>A peer did not prove that it belongs to this cluster, or refused to believe that the local node does.</summary>
/// <param name="message">What happened, to whom, and what the reader can do.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class AuthenticationException(string message, Exception? innerException = null) : GridException(message, innerException);
