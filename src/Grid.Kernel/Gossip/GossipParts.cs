using System.Diagnostics.Metrics;
using Grid.Messaging;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Gossip;

/// <summary>What the exchange of metrics needs from the rest of the node.</summary>
internal sealed record GossipParts
{
    /// <summary>The local node; null for a client, which measures nothing.</summary>
    public required NodeId? LocalId { get; init; }

    public required Messenger Messenger { get; init; }

    public required ITopology Topology { get; init; }

    /// <summary>The registry, when metrics are exchanged through it; else null.</summary>
    public IMemberMetricsSpi? Registry { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Draws the peers; used on the gossip thread only.</summary>
    public required Random Random { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Where metrics go, or null for nowhere.</summary>
    public IMeterFactory? Meters { get; init; }
}
