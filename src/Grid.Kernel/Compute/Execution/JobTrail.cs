using System.Globalization;
using Grid.Kernel.Compute.Wire;
using Grid.Kernel.Health;

namespace Grid.Kernel.Compute.Execution;

/// <summary>Notes in the flight recorder what becomes of jobs whose submitter follows them, and of all that are refused. Other jobs cost the test of one bit.</summary>
internal readonly struct JobTrail(FlightRecorder? recorder)
{
    public void Accepted(JobRun run)
    {
        if (IsFollowed(run))
        {
            Record(NodeEventKind.JobAccepted, run, "came here");
        }
    }

    public void Started(JobRun run)
    {
        if (IsFollowed(run))
        {
            Record(NodeEventKind.JobStarted, run, "began to run");
        }
    }

    public void Ended(JobRun run, ReplyStatus status)
    {
        if (IsFollowed(run))
        {
            Record(NodeEventKind.JobEnded, run, status switch
            {
                ReplyStatus.Returned => "returned",
                ReplyStatus.Threw => "threw",
                ReplyStatus.Cancelled => $"was cancelled by {run.CancelledBy}",
                ReplyStatus.GivenUp => "was given up",
                ReplyStatus.Rejected => "was handed back before it began",
                _ => "could not be read",
            });
        }
    }

    public void Rejected(JobRun run, string reason) => Record(NodeEventKind.JobRejected, run, $"was refused: {reason}");

    private static bool IsFollowed(JobRun run) => (run.Request.Header.Flags & JobFlags.WantsNotices) != 0;

    private void Record(NodeEventKind kind, JobRun run, string text)
    {
        var job = new JobId(run.Key.Submitter.Id, run.Key.Number);
        recorder?.Record(kind, job, run.Key.Attempt, run.Request.Replies.Submitter, string.Create(CultureInfo.InvariantCulture, $"attempt {run.Key.Attempt} of {job} {text}"));
    }
}
