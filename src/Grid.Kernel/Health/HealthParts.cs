using System.Diagnostics.Metrics;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Health;

/// <summary>What the watch over members needs from the rest of the node.</summary>
internal sealed record HealthParts
{
    /// <summary>The local node; null for a client.</summary>
    public required NodeId? LocalId { get; init; }

    /// <summary>How many jobs run here at once; 0 for a client.</summary>
    public required int Slots { get; init; }

    public required Messenger Messenger { get; init; }

    public required ITopology Topology { get; init; }

    /// <summary>What members say of themselves.</summary>
    public required IMetricsView Metrics { get; init; }

    public required FlightRecorder Recorder { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Where metrics go, or null for nowhere.</summary>
    public IMeterFactory? Meters { get; init; }
}
