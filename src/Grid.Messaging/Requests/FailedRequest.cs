namespace Grid.Messaging.Requests;

/// <summary>A request that gets no reply, and whether it had been handed to a pipe at least in part.</summary>
internal readonly record struct FailedRequest(IReplyHandler Handler, bool IsSent);
