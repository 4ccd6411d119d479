using Grid.Messaging.Handshake;
using Microsoft.Extensions.Logging;

namespace Grid.Messaging;

/// <summary>What messaging logs: ids 1000 to 1099.</summary>
internal static partial class MessagingLog
{
    [LoggerMessage(EventId = 1000, Level = LogLevel.Debug, Message = "Link to {Peer} at {Endpoint} is up, protocol {Version}")]
    public static partial void LinkUp(ILogger logger, NodeInfo peer, string endpoint, int version);

    [LoggerMessage(EventId = 1001, Message = "Link to {Peer} is down, {Failed} requests failed: {Reason}")]
    public static partial void LinkDown(ILogger logger, LogLevel level, NodeInfo peer, int failed, string reason);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Debug, Message = "Idle link to {Peer} was closed")]
    public static partial void LinkClosed(ILogger logger, NodeInfo peer);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "Refused a link from {Remote}: {Refusal} {Detail}; further ones of this source are counted, not logged, for a minute")]
    public static partial void RefusedIncoming(ILogger logger, string remote, Refusal refusal, string detail);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "Cannot link to {Peer} (attempt {Attempt}): {Reason}")]
    public static partial void DialFailed(ILogger logger, NodeInfo peer, int attempt, string reason);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Error, Message = "Accepting links failed")]
    public static partial void AcceptFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Error, Message = "Internal work of messaging failed; the node goes on")]
    public static partial void WorkFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Error, Message = "A message handler failed; the link to {Peer} is closed")]
    public static partial void HandlerFailed(ILogger logger, NodeInfo peer, Exception error);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Warning, Message = "{Peer} sent a request of kind {Kind} that nothing here handles")]
    public static partial void NotHandled(ILogger logger, NodeInfo peer, byte kind);
}
