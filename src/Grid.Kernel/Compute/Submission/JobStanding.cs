using System.Globalization;

namespace Grid.Kernel.Compute.Submission;

/// <summary>How a job stands at its submitter at one moment.</summary>
/// <param name="Machine">A copy of its machine.</param>
/// <param name="SentAt">When the last attempt was sent, on the submitter's clock.</param>
/// <param name="IsKnownToRun">Whether the node has said that it runs.</param>
internal readonly record struct JobStanding(JobMachine Machine, long SentAt, bool IsKnownToRun)
{
    private const int ExclusionsNamedMax = 20;

    /// <summary>What an operator is told, one sentence each.</summary>
    /// <param name="submitter">The submitter's name.</param>
    /// <param name="spec">What the job was submitted with.</param>
    /// <param name="time">The clock of <see cref="SentAt"/>.</param>
    public IEnumerable<string> Explain(string submitter, JobSpec spec, TimeProvider time)
    {
        var since = string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(SentAt).TotalSeconds:0.0} s");
        yield return Machine.Phase switch
        {
            JobPhase.Sent when IsKnownToRun => $"Its submitter {submitter} has heard that attempt {Machine.Attempt} runs on {Machine.Node!.Name}; it was sent {since} ago.",
            JobPhase.Sent => $"Its submitter {submitter} sent attempt {Machine.Attempt} to {Machine.Node!.Name} {since} ago and waits for the answer.",
            JobPhase.Paused => $"Its submitter {submitter} holds it back: no node may take it at the moment, or it rests after an attempt that failed.",
            JobPhase.Held => $"Its submitter {submitter} holds it back until a node has room: all that may run it have as much of this submitter's work as they can use.",
            JobPhase.Placing or JobPhase.Deciding => $"Its submitter {submitter} is choosing a node for it.",
            _ => $"Its submitter {submitter} has its outcome.",
        };
        foreach (var attempt in Machine.History)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Attempt {attempt.Number} failed on {attempt.Node.Name} after {attempt.Elapsed.TotalSeconds:0.0} s: {attempt.Outcome.TrimEnd('.')}.");
        }

        var exclusions = spec.Nodes.Exclusions();
        foreach (var exclusion in exclusions.Take(ExclusionsNamedMax))
        {
            yield return $"It may not go to {exclusion.Node.Name} ({exclusion.Reason.TrimEnd('.')}).";
        }

        if (exclusions.Count > ExclusionsNamedMax)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"It may not go to {exclusions.Count - ExclusionsNamedMax} others either.");
        }
    }
}
