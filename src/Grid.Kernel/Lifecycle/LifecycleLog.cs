using Grid.Kernel.Administration;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Lifecycle;

/// <summary>Log lines of the life of a node: events 4000 to 4049.</summary>
internal static partial class LifecycleLog
{
    [LoggerMessage(4000, LogLevel.Information, "{Node} is up; it accepts links at {Endpoints}")]
    public static partial void Started(ILogger logger, NodeInfo node, string endpoints);

    [LoggerMessage(4001, LogLevel.Information, "{Node} has stopped")]
    public static partial void Stopped(ILogger logger, NodeInfo node);

    [LoggerMessage(4002, LogLevel.Warning, "The drain was cut short with {Active} jobs running and {Waiting} waiting; their submitters try elsewhere")]
    public static partial void DrainCutShort(ILogger logger, int active, int waiting);

    [LoggerMessage(4003, LogLevel.Warning, "The registry could not be told that the node is draining; jobs may still be sent to it")]
    public static partial void DrainNotAnnounced(ILogger logger, GridException exception);

    [LoggerMessage(4004, LogLevel.Warning, "A submitter did not confirm within {Timeout} that it has read its last results; if it has not, it runs those jobs again")]
    public static partial void FarewellUnanswered(ILogger logger, TimeSpan timeout);

    [LoggerMessage(4005, LogLevel.Information, "{By} wants of this node: {Action}")]
    public static partial void OperatorWants(ILogger logger, string by, DrainAction action);

    [LoggerMessage(4006, LogLevel.Warning, "{Action} could not be carried out; the operator was told")]
    public static partial void OperatorRefused(ILogger logger, DrainAction action, Exception exception);
}
