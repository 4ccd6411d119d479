namespace Grid.Messaging.Handshake;

/// <summary>Why a link was not made. The numbers are the wire format.</summary>
internal enum Refusal : byte
{
    None = 0,

    /// <summary>The first bytes are not Grid's.</summary>
    NotGrid = 1,
    ProtocolVersion = 2,
    OtherCluster = 3,

    /// <summary>The process at that address is not the one that was dialed, or of another incarnation.</summary>
    OtherNode = 4,

    /// <summary>The proof does not fit: the secrets differ, or it was reflected or replayed.</summary>
    Unauthenticated = 5,

    /// <summary>No secret is configured and the pipe is not on loopback.</summary>
    SecretRequired = 6,

    /// <summary>Both dialed at once and the other link was chosen.</summary>
    Tie = 7,

    /// <summary>A link that the dialer did not know of when it dialed is up.</summary>
    AlreadyLinked = 8,
    TooManyPeers = 9,
    TimedOut = 10,
    TooManyUnauthenticated = 11,

    /// <summary>The pipe broke during the handshake.</summary>
    Broken = 12,

    /// <summary>The node dialed itself.</summary>
    Self = 13,

    /// <summary>The dialer has heard of an incarnation that the node is about to take: the registry told others first. Worth another try.</summary>
    Rejoining = 14,
}
