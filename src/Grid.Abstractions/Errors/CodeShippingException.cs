namespace Grid;

/// <summary>The code of a job could not be found, sent or loaded on the node that was to run it.</summary>
/// <param name="message">What happened, to whom, and what the reader can do.</param>
/// <param name="innerException">The cause, or <see langword="null"/>.</param>
public sealed class CodeShippingException(string message, Exception? innerException = null) : GridException(message, innerException);
