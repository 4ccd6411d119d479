namespace Grid.Messaging.Handshake;

/// <summary>What a completed handshake has proved.</summary>
/// <param name="Key">The peer.</param>
/// <param name="Name">Its node name.</param>
/// <param name="LinkId">Names the link to both sides: the first bytes of the nonce of the side that was dialed.</param>
/// <param name="ProtocolVersion">The newest version that both speak.</param>
internal readonly record struct HandshakeResult(NodeKey Key, string Name, ulong LinkId, int ProtocolVersion);
