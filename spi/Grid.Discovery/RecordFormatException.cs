namespace Grid.Discovery;

/// <summary>Data of a registry or a peer is not in the format that its place requires. Caught where the data is read, by who knows where it came from; it does not leave a provider.</summary>
/// <param name="message">What is wrong with it, as the rest of a sentence that begins with what it is.</param>
public sealed class RecordFormatException(string message) : GridException(message);
