namespace Grid.ZooKeeper.Session;

/// <summary>The server grants a session on terms that the options exclude.</summary>
internal sealed class SessionRefusedException(string message) : Exception(message);
