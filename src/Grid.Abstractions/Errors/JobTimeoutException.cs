namespace Grid;

/// <summary>The job did not end within its <see cref="JobOptions.Timeout"/>, or within what its caller had left.</summary>
/// <param name="message">What happened, to whom, and what the reader can do.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class JobTimeoutException(string message, Exception? innerException = null) : GridException(message, innerException);
