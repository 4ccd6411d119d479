using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.ZooKeeper;

/// <summary>What the client logs: event ids 5000 to 5099.</summary>
internal sealed partial class ZooKeeperLog(ILoggerFactory? factory)
{
    private readonly ILogger _logger = (factory ?? NullLoggerFactory.Instance).CreateLogger("Grid.ZooKeeper");

    public void SessionEnded(SessionStatus status) => SessionEnded(status.SessionId, status.State, status.Reason);

    [LoggerMessage(5000, LogLevel.Information, "Session 0x{SessionId:x} is served by {Server}, timeout {SessionTimeout}")]
    public partial void Connected(long sessionId, string server, TimeSpan sessionTimeout);

    [LoggerMessage(5001, LogLevel.Warning, "Connection to {Server} is lost: {Reason}")]
    public partial void ConnectionLost(string server, string reason);

    [LoggerMessage(5002, LogLevel.Debug, "Attempt to connect to {Server} failed: {Reason}")]
    public partial void AttemptFailed(string server, string reason);

    [LoggerMessage(5003, LogLevel.Warning, "No server name could be resolved: {Failures}")]
    public partial void NothingResolved(string failures);

    [LoggerMessage(5005, LogLevel.Warning, "The server granted a session timeout of {Granted} instead of {Asked}: its minSessionTimeout and maxSessionTimeout (by default 2 and 20 ticks) bound it")]
    public partial void TimeoutClamped(TimeSpan granted, TimeSpan asked);

    [LoggerMessage(5006, LogLevel.Debug, "Watches are set again: {Paths} requests since transaction 0x{Zxid:x}")]
    public partial void WatchesRestored(int paths, long zxid);

    [LoggerMessage(5007, LogLevel.Error, "The server refused to set watches again: {Error}; their watchers are told to read anew")]
    public partial void WatchesRefused(ZooKeeperErrorCode error);

    [LoggerMessage(5008, LogLevel.Error, "The {Thread} thread of the client failed; the session is given up")]
    public partial void ThreadFailed(string thread, Exception exception);

    [LoggerMessage(5009, LogLevel.Debug, "What waited for an answer has kept the reading thread for more than {Patience}; another thread reads on. Code that blocks or computes for long belongs on the pool: await Task.Yield() first")]
    public partial void LeaderDeposed(TimeSpan patience);

    [LoggerMessage(5004, LogLevel.Information, "Session 0x{SessionId:x} is over, {State}: {Reason}")]
    private partial void SessionEnded(long sessionId, SessionState state, string reason);
}
