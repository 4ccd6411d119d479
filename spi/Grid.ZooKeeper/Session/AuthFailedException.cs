namespace Grid.ZooKeeper.Session;

/// <summary>A server refused credentials: reconnecting cannot help.</summary>
internal sealed class AuthFailedException(string message) : Exception(message);
