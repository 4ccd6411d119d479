namespace Grid.Discovery.Gossip.Wire;

/// <summary>The data of a znode is not what its place says. Caught where the data is read; it never leaves this project.</summary>
internal sealed class RecordFormatException(string message) : Exception(message);
