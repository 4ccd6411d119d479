using Microsoft.Extensions.Logging;

namespace Grid.Discovery.ZooKeeper;

/// <summary>Log events 5100 to 5199.</summary>
internal static partial class ZooKeeperDiscoveryLog
{
    [LoggerMessage(5100, LogLevel.Information, "Registered {Node} in {Path} at {ConnectionString}, join order {JoinOrder}, session 0x{SessionId:x}")]
    public static partial void Registered(ILogger logger, NodeInfo node, string path, string connectionString, long joinOrder, long sessionId);

    [LoggerMessage(5101, LogLevel.Information, "Watching {Path} at {ConnectionString} as a client, session 0x{SessionId:x}")]
    public static partial void Observing(ILogger logger, string path, string connectionString, long sessionId);

    [LoggerMessage(5102, LogLevel.Warning, "The connection to ZooKeeper is lost ({Reason}); the membership is safe for another {Remaining}")]
    public static partial void Suspended(ILogger logger, string reason, TimeSpan remaining);

    [LoggerMessage(5103, LogLevel.Information, "Connected to ZooKeeper again with the same session")]
    public static partial void Reconnected(ILogger logger);

    [LoggerMessage(5104, LogLevel.Error, "The membership of {Node} is lost: {Reason}")]
    public static partial void Lost(ILogger logger, NodeKey? node, string reason);

    [LoggerMessage(5105, LogLevel.Warning, "A child of {Path} is ignored: {Reason}")]
    public static partial void Quarantined(ILogger logger, string path, string reason);

    [LoggerMessage(5106, LogLevel.Debug, "Read {Members} members at {Version}: {Changes} records came or went, {Requests} requests since the start")]
    public static partial void Read(ILogger logger, int members, long version, int changes, long requests);

    [LoggerMessage(5107, LogLevel.Warning, "The members could not be read; the last view stays and the next attempt follows within {DelayMax}")]
    public static partial void ReadFailed(ILogger logger, TimeSpan delayMax, Exception exception);

    [LoggerMessage(5108, LogLevel.Debug, "Removed {Count} marks of members that left")]
    public static partial void Swept(ILogger logger, int count);

    [LoggerMessage(5109, LogLevel.Warning, "The good-bye to ZooKeeper failed; the others will take {Node} for failed when its session ends")]
    public static partial void LeaveFailed(ILogger logger, NodeKey? node, Exception exception);

    [LoggerMessage(5110, LogLevel.Information, "Asking every server of {ConnectionString}: while all are reached and none serves, no session can expire and the membership is kept")]
    public static partial void ProbeStarted(ILogger logger, string connectionString);

    [LoggerMessage(5111, LogLevel.Debug, "The marks of members that left could not be removed; the next sweep tries again")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(5112, LogLevel.Warning, "The session of this client has ended and no other could be opened; the next attempt follows within {DelayMax}")]
    public static partial void ReopenFailed(ILogger logger, TimeSpan delayMax, Exception exception);

    [LoggerMessage(5113, LogLevel.Warning, "The cluster has more than {Count} children that are no members; the rest of them is not reported")]
    public static partial void QuarantineFull(ILogger logger, int count);

    [LoggerMessage(5116, LogLevel.Warning, "The session expired while the node was starting; the start begins anew")]
    public static partial void StartedAnew(ILogger logger, Exception exception);

    [LoggerMessage(5115, LogLevel.Warning, "ZooKeeper gave no addresses of seeds; those that were read last stay, and the next attempt follows within {DelayMax}")]
    public static partial void SeedsFailed(ILogger logger, TimeSpan delayMax, Exception exception);

    [LoggerMessage(5114, LogLevel.Error, "A loop of the discovery failed; the membership is given up rather than left unwatched")]
    public static partial void LoopFailed(ILogger logger, Exception exception);
}
