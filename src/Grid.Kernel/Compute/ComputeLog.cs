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

    [LoggerMessage(3040, LogLevel.Warning, "Job {Number} of {Submitter} was cancelled and goes on; it is abandoned, and its slot stays taken until its code ends")]
    public static partial void JobAbandoned(ILogger logger, long number, NodeKey submitter);

    [LoggerMessage(3041, LogLevel.Information, "Job {Number} of {Submitter}, which was abandoned, has ended; its slot is free")]
    public static partial void AbandonedJobEnded(ILogger logger, long number, NodeKey submitter);

    [LoggerMessage(3042, LogLevel.Error, "The collision provider {Provider} failed; a job that waited is handed back if it was asked for one, and the node goes on")]
    public static partial void CollisionFailed(ILogger logger, string provider, Exception fault);

    [LoggerMessage(3043, LogLevel.Warning, "Memory is short ({UsedBytes} of {LimitBytes} bytes used): while a job runs here, no other is started (Grid:Collision:MemoryWatermark)")]
    public static partial void AdmissionPaused(ILogger logger, long usedBytes, long limitBytes);

    [LoggerMessage(3044, LogLevel.Information, "There is memory again: jobs are started as before")]
    public static partial void AdmissionResumed(ILogger logger);
}
