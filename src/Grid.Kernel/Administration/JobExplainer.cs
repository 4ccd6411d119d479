using System.Text.Json;
using Grid.Kernel.Compute;
using Grid.Messaging;

namespace Grid.Kernel.Administration;

/// <summary>
/// Says what this node knows of a job: where its attempts here stand, and what the submitter knows, which is asked over its own link when it is somebody else. A client registers
/// nothing, so the nodes that have its jobs are the only way to it.
/// </summary>
internal sealed class JobExplainer(NodeDeskParts parts)
{
    /// <summary>A submitter that has owed an answer for this long is not asked: the operator would wait in vain for what is known here, too.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(1);

    /// <summary>What is known here, without asking anybody.</summary>
    public JobExplanation ExplainHere(ExplainRequest request)
    {
        _ = request.TryParse(out var submitter, out var number);
        var here = parts.Compute.ExplainHere(job => job.ToString() == request.Job);
        return new JobExplanation
        {
            HasAttempt = here.Count > 0,
            Here = [.. here],
            Submitter = parts.LocalNode().Id.ToShortString() == submitter ? [.. parts.Compute.ExplainSubmitted(number, parts.LocalNode().Name)] : [],
            Events = [.. parts.Recorder.Of(request.Job)],
        };
    }

    /// <summary>The submitter's link, when the job is somebody else's, this node may ask, and an answer is to be expected.</summary>
    public Peer? SubmitterOf(ExplainRequest request)
    {
        _ = request.TryParse(out var submitter, out _);
        return request.MayAskSubmitter && parts.LocalNode().Id.ToShortString() != submitter
            ? parts.Messenger.Peers.FirstOrDefault(peer => peer.IsLinked && peer.Silence < SilenceMax && peer.Node.Id.ToShortString() == submitter)
            : null;
    }

    /// <summary>Puts both sides together.</summary>
    public static JobExplanation Join(JobExplanation here, JobExplanation submitters) => here with
    {
        Submitter = submitters.Submitter,
        Events = [.. here.Events.Concat(submitters.Events).OrderBy(happened => happened.At)],
    };

    public static byte[] ToJson(JobExplanation explanation) => JsonSerializer.SerializeToUtf8Bytes(explanation, ReportJson.Default.JobExplanation);
}
