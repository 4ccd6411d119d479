using Grid.Messaging;

namespace Grid.Kernel.Compute.Submission;

/// <summary>Takes the answer to the second attempt of a job that was doubled; the first one's comes to the job itself.</summary>
internal sealed class SecondReplies(JobCall call, int attempt) : IReplyHandler
{
    /// <inheritdoc/>
    public void OnReply(Peer from, in IncomingMessage message) => call.OnReply(attempt, in message);

    /// <inheritdoc/>
    public void OnFailed(GridException error) => call.OnFailed(attempt, error);
}
