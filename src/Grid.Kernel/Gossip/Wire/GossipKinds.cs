namespace Grid.Kernel.Gossip.Wire;

/// <summary>The kinds of message of the exchange of metrics, all one-way on the control lane. The numbers are part of the wire format.</summary>
internal static class GossipKinds
{
    /// <summary>What the sender knows: versions only.</summary>
    public const byte Digest = 48;

    /// <summary>The answer to a digest: what the sender of the digest lacks, and what it knows better.</summary>
    public const byte Reply = 49;

    /// <summary>What the sender of a reply asked for.</summary>
    public const byte Delta = 50;
}
