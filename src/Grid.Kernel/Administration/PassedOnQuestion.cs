using System.Text.Json;
using Grid.Messaging;

namespace Grid.Kernel.Administration;

/// <summary>An operator's question about a job while its submitter is asked: when the submitter has answered, or cannot, the operator is.</summary>
internal sealed class PassedOnQuestion(Peer from, long requestId, JobExplanation here) : IReplyHandler
{
    /// <inheritdoc/>
    public void OnReply(Peer submitter, in IncomingMessage message)
    {
        JobExplanation? submitters = null;
        try
        {
            submitters = JsonSerializer.Deserialize(message.Payload, ReportJson.Default.JobExplanation);
        }
        catch (JsonException)
        {
            // Another version: what is known here must do.
        }

        Answer(submitters is null ? here : JobExplainer.Join(here, submitters));
    }

    /// <inheritdoc/>
    public void OnFailed(GridException error) => Answer(here);

    private void Answer(JobExplanation explanation) => from.Reply(requestId, Lane.Control, JobExplainer.ToJson(explanation));
}
