using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Gossip;

/// <summary>Log lines of the exchange of metrics: events 2500 to 2599.</summary>
internal static partial class GossipLog
{
    [LoggerMessage(2500, LogLevel.Warning, "A message about metrics from {Peer} is malformed and was dropped, and so are any further ones of this kind without a word; if it runs another version of Grid, upgrade the older one")]
    public static partial void Malformed(ILogger logger, NodeKey peer);

    [LoggerMessage(2501, LogLevel.Error, "A step of the exchange of metrics failed; the exchange goes on")]
    public static partial void StepFailed(ILogger logger, Exception exception);

    [LoggerMessage(2502, LogLevel.Warning, "The members' metrics could not be read from the registry; the next period tries again")]
    public static partial void RegistryReadFailed(ILogger logger, Exception? exception);

    [LoggerMessage(2503, LogLevel.Warning, "The node's metrics could not be written into its record in the registry; the next period tries again")]
    public static partial void RegistryWriteFailed(ILogger logger, Exception exception);
}
