namespace Grid.ZooKeeper;

/// <summary>Why an operation failed. The values are those of the wire; a server newer than this list may send others, which are passed on as they are.</summary>
public enum ZooKeeperErrorCode
{
    /// <summary>No error.</summary>
    Ok = 0,

    /// <summary>The server failed.</summary>
    SystemError = -1,

    /// <summary>The item was not tried, because another item of the same multi failed.</summary>
    RuntimeInconsistency = -2,

    /// <summary>The server found its data inconsistent.</summary>
    DataInconsistency = -3,

    /// <summary>The connection was lost before the answer came. See <see cref="ZooKeeperException.MayHaveBeenApplied"/>.</summary>
    ConnectionLoss = -4,

    /// <summary>Request or reply could not be encoded or decoded, or was too long.</summary>
    MarshallingError = -5,

    /// <summary>The server does not know this operation, for example because it is too old.</summary>
    Unimplemented = -6,

    /// <summary>The client gave up waiting.</summary>
    OperationTimeout = -7,

    /// <summary>The server refused the arguments.</summary>
    BadArguments = -8,

    /// <summary>The session is unknown to the server.</summary>
    UnknownSession = -12,

    /// <summary>The new configuration would have no quorum.</summary>
    NewConfigNoQuorum = -13,

    /// <summary>Another reconfiguration is under way.</summary>
    ReconfigInProgress = -14,

    /// <summary>An error without a code of its own.</summary>
    ApiError = -100,

    /// <summary>The node, or for a create its parent, does not exist.</summary>
    NoNode = -101,

    /// <summary>The ACL does not allow it.</summary>
    NoAuth = -102,

    /// <summary>The version does not match.</summary>
    BadVersion = -103,

    /// <summary>Ephemeral nodes cannot have children.</summary>
    NoChildrenForEphemerals = -108,

    /// <summary>The node exists.</summary>
    NodeExists = -110,

    /// <summary>The node has children.</summary>
    NotEmpty = -111,

    /// <summary>The session has ended.</summary>
    SessionExpired = -112,

    /// <summary>The callback is not valid.</summary>
    InvalidCallback = -113,

    /// <summary>The ACL is not valid: empty, or <c>auth</c> without an identity.</summary>
    InvalidAcl = -114,

    /// <summary>The credentials were refused.</summary>
    AuthFailed = -115,

    /// <summary>The client was closed.</summary>
    Closing = -116,

    /// <summary>The session moved to another connection.</summary>
    SessionMoved = -118,

    /// <summary>The server is read-only.</summary>
    NotReadOnly = -119,

    /// <summary>Ephemeral nodes need a global session.</summary>
    EphemeralOnLocalSession = -120,

    /// <summary>There is no such watch.</summary>
    NoWatcher = -121,

    /// <summary>The server took too long.</summary>
    RequestTimeout = -122,

    /// <summary>Reconfiguration is switched off at the server.</summary>
    ReconfigDisabled = -123,

    /// <summary>The server demands SASL authentication.</summary>
    SessionClosedRequireSaslAuth = -124,

    /// <summary>A quota is used up.</summary>
    QuotaExceeded = -125,

    /// <summary>The server sheds load: wait, then try again.</summary>
    Throttled = -127,

    /// <summary>Made by the client: its limit of unanswered requests is reached. Nothing was sent.</summary>
    TooManyRequests = -1001,

    /// <summary>Made by the client: its limit of watches is reached. Nothing was sent.</summary>
    TooManyWatches = -1002,
}
