using System.Diagnostics.Metrics;
using Grid.Kernel.Health;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>What stealing between nodes needs from the rest of the node.</summary>
internal sealed record StealParts
{
    public required Messenger Messenger { get; init; }

    /// <summary>The members as they are now.</summary>
    public required Func<TopologyView> View { get; init; }

    /// <summary>How they stand now.</summary>
    public required Func<HealthView> Health { get; init; }

    /// <summary>The local node's record as it is now.</summary>
    public required Func<NodeInfo> LocalNode { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Seeds the choice of victims.</summary>
    public required int Seed { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Where metrics go, or null for nowhere.</summary>
    public IMeterFactory? Meters { get; init; }
}
