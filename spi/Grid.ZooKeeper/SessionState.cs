namespace Grid.ZooKeeper;

/// <summary>
/// Where a client's session stands. Connecting to Connected once; then between Connected and Suspended any number of
/// times; Expired, AuthFailed and Closed are final: a new session is a new client object.
/// </summary>
public enum SessionState
{
    /// <summary>No server has granted a session yet.</summary>
    Connecting,

    /// <summary>A server serves the session.</summary>
    Connected,

    /// <summary>The connection is lost. The session may live on or may have ended; only a server can tell.</summary>
    Suspended,

    /// <summary>A server said that the session has ended. Its ephemeral nodes and watches are gone.</summary>
    Expired,

    /// <summary>The client was closed by its owner.</summary>
    Closed,

    /// <summary>A server refused the credentials. The session ends by its timeout.</summary>
    AuthFailed,
}
