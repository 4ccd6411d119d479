using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute;

/// <summary>Log lines of the compute part: events 3000 to 3099.</summary>
internal static partial class ComputeLog
{
    [LoggerMessage(3000, LogLevel.Warning, "Job {Number} of {Submitter} cannot be run here: {Reason}")]
    public static partial void JobUnreadable(ILogger logger, long number, NodeKey submitter, string reason);

    [LoggerMessage(3001, LogLevel.Debug, "The outcome of job {Number} of {Submitter} was dropped: the link to it is gone")]
    public static partial void ReplyDropped(ILogger logger, long number, NodeKey submitter);

    [LoggerMessage(3002, LogLevel.Warning, "A request from {Submitter} is malformed and was refused: {Reason}")]
    public static partial void RequestMalformed(ILogger logger, NodeKey submitter, string reason);

    [LoggerMessage(3003, LogLevel.Debug, "Job {Number}: {Attempt}; trying again")]
    public static partial void AttemptFailed(ILogger logger, long number, JobAttempt attempt);

    [LoggerMessage(3004, LogLevel.Error, "The load balancer {Balancer} chose candidate {Index} of {Count}; the first one is taken instead")]
    public static partial void BalancerOutOfRange(ILogger logger, string balancer, int index, int count);

    [LoggerMessage(3005, LogLevel.Error, "The failover provider {Provider} threw; the job goes on as if there were none. Report it to its authors")]
    public static partial void FailoverThrew(ILogger logger, string provider, Exception exception);
}
