namespace Grid.ZooKeeper.Wire;

/// <summary>Bytes from the server do not follow the protocol. The connection cannot be trusted any further.</summary>
internal sealed class JuteFormatException(string message) : Exception(message);
