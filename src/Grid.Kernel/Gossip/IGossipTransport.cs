namespace Grid.Kernel.Gossip;

/// <summary>Carries the messages of a <see cref="GossipMachine"/>, at best effort.</summary>
internal interface IGossipTransport
{
    /// <summary>Sends a one-way message.</summary>
    /// <param name="to">A member, or the client that a message came from.</param>
    /// <param name="kind">One of <see cref="Wire.GossipKinds"/>.</param>
    /// <param name="payload">The bytes; valid during the call only.</param>
    void Send(NodeKey to, byte kind, ReadOnlySpan<byte> payload);
}
