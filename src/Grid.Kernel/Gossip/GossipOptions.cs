namespace Grid.Kernel.Gossip;

/// <summary>The limits of the exchange of metrics. Validated by the host before the node starts.</summary>
internal sealed record GossipOptions
{
    /// <summary>
    /// How often a node measures itself and talks to peers: 100 ms to 1 minute, default 1 s. The same on every node, because ages are judged by it. Halving it
    /// doubles traffic and processor time.
    /// </summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How the figures travel.</summary>
    public MetricsExchange Exchange { get; init; }

    /// <summary>How many peers a node talks to per period: 1 to 8, default 2. More is faster by little: news spreads by factors, traffic grows in proportion.</summary>
    public int PeersPerPeriod { get; init; } = 2;

    /// <summary>
    /// The greatest size of one message: 2 KiB to 64 KiB, default 16 KiB. A node sends at most three messages per conversation, and takes part in two times
    /// <see cref="PeersPerPeriod"/> on average: that bounds its traffic whatever the size of the cluster. What does not fit waits for a later period, oldest first.
    /// </summary>
    public int MessageBytesMax { get; init; } = 16 * 1024;

    /// <summary>How many messages wait to be read: 16 to 65,536, default 256. More are dropped and counted; gossip repeats itself.</summary>
    public int InboxMax { get; init; } = 256;

    /// <summary>After how many periods one of the peers that a node usually talks to is replaced by another: 1 to 1,000, default 16. Fewer means more new links.</summary>
    public int PeerRotationPeriods { get; init; } = 16;
}
