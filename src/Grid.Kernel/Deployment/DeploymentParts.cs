using System.Diagnostics.Metrics;
using Grid.Messaging;
using Grid.Serialization;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Deployment;

/// <summary>What the deployment part needs from the rest of the node.</summary>
internal sealed record DeploymentParts
{
    public required NodeId LocalId { get; init; }

    public required Messenger Messenger { get; init; }

    /// <summary>The members, which are asked for code that a submitter does not give.</summary>
    public required Func<TopologyView> View { get; init; }

    public required SerializerOptions Serialization { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Where metrics go, or null for nowhere.</summary>
    public IMeterFactory? Meters { get; init; }
}
