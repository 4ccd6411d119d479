namespace Grid.Kernel.Compute.Submission;

/// <summary>An attempt that was sent, as its job keeps it until the node has answered.</summary>
/// <param name="Number">Its number; 0 for none.</param>
/// <param name="Target">Where it was sent.</param>
/// <param name="SentAt">When, as a timestamp.</param>
/// <param name="RequestId">What is needed to abandon it; 0 when there is nothing to abandon, or it is just being sent.</param>
internal readonly record struct AttemptOnNode(int Number, JobTarget? Target, long SentAt, long RequestId = 0);
