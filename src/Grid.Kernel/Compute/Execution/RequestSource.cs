using System.Diagnostics;

namespace Grid.Kernel.Compute.Execution;

/// <summary>Where a request came from, and the way back.</summary>
/// <param name="Submitter">Who wants the outcome.</param>
/// <param name="Replies">Takes the outcome there.</param>
/// <param name="RequestId">What <paramref name="Replies"/> needs to address it.</param>
/// <param name="Trace">The submitter's activity; the default value when it had none.</param>
internal readonly record struct RequestSource(NodeKey Submitter, IJobReplies Replies, long RequestId = 0, ActivityContext Trace = default);
