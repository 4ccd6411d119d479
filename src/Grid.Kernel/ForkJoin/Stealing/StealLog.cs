using Microsoft.Extensions.Logging;

namespace Grid.Kernel.ForkJoin.Stealing;

internal static partial class StealLog
{
    [LoggerMessage(3600, LogLevel.Debug, "Computation {Computation} is offered to {Node}")]
    public static partial void Invited(ILogger logger, ComputationId computation, NodeInfo node);

    [LoggerMessage(3601, LogLevel.Debug, "Computation {Computation}: {Peer} is lost or has left; {Tasks} tasks that it had run here again")]
    public static partial void PeerLost(ILogger logger, ComputationId computation, NodeKey peer, int tasks);

    [LoggerMessage(3602, LogLevel.Warning, "A task of a computation cannot leave its node, so the whole computation stays: give the task only fields that can be shipped")]
    public static partial void TaskNotShippable(ILogger logger, Exception exception);

    [LoggerMessage(3603, LogLevel.Warning, "A task stolen from {Victim} cannot be read here and goes back")]
    public static partial void TaskUnreadable(ILogger logger, NodeKey victim, Exception exception);

    [LoggerMessage(3604, LogLevel.Warning, "The outcome of a task stolen from {Victim} cannot leave this node; the victim runs the task itself: give results only fields that can be shipped")]
    public static partial void OutcomeNotWritten(ILogger logger, NodeKey victim, Exception exception);

    [LoggerMessage(3605, LogLevel.Warning, "The outcome of a task that {Peer} has run cannot be read here; it runs again")]
    public static partial void OutcomeUnreadable(ILogger logger, NodeKey peer, Exception exception);

    [LoggerMessage(3606, LogLevel.Error, "A step of work stealing failed; report this with its stack")]
    public static partial void StepFailed(ILogger logger, Exception exception);

    [LoggerMessage(3607, LogLevel.Warning, "A malformed message of kind {Kind} from {Peer} was ignored: the node runs another version, or bytes were damaged")]
    public static partial void Malformed(ILogger logger, byte kind, NodeInfo peer);

    [LoggerMessage(3608, LogLevel.Debug, "Node {Peer} does not take part in computation {Computation} any more: {Reason}")]
    public static partial void GuestLeft(ILogger logger, NodeKey peer, ComputationId computation, string reason);
}
