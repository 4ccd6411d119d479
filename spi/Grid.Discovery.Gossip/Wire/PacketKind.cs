namespace Grid.Discovery.Gossip.Wire;

/// <summary>What a packet is for.</summary>
internal enum PacketKind : byte
{
    /// <summary>Answer with an acknowledgement.</summary>
    Ping = 1,

    /// <summary>Ping the subject for me.</summary>
    PingRequest = 2,

    /// <summary>The answer to a ping, also when it is passed on.</summary>
    Ack = 3,

    /// <summary>"I heard your request and the subject has not answered": tells a silent subject from a silent requester.</summary>
    Nack = 4,

    /// <summary>Updates only.</summary>
    Gossip = 5,
}
