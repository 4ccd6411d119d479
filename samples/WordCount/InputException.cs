namespace Grid.Samples.WordCount;

/// <summary>Input that cannot be counted. The message says what to do; it is shown without a stack.</summary>
internal sealed class InputException(string message, Exception? innerException = null) : Exception(message, innerException);
