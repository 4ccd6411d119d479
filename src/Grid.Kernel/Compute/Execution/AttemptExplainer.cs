using System.Globalization;

namespace Grid.Kernel.Compute.Execution;

/// <summary>Says in sentences what attempts on this node do and wait for.</summary>
internal readonly struct AttemptExplainer(JobHost host)
{
    public IEnumerable<string> Explain(Func<JobId, bool> isWanted)
    {
        var (arriving, admitted) = host.ListRuns();
        var name = host.Parts.LocalNode().Name;
        var sentences = new List<string>();
        foreach (var run in arriving.Where(run => isWanted(IdOf(run))))
        {
            sentences.Add($"{Begin(name, run)} It waits for its code, which the node fetches from {run.Request.Replies.Submitter}.");
        }

        foreach (var run in admitted.Where(run => isWanted(IdOf(run))))
        {
            sentences.Add($"{Begin(name, run)} {StateOf(run, admitted)}");
        }

        return sentences;
    }

    private static JobId IdOf(JobRun run) => new(run.Key.Submitter.Id, run.Key.Number);

    private string Begin(string name, JobRun run) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} has had attempt {run.Key.Attempt} for {host.Parts.Time.GetElapsedTime(run.AcceptedAt).TotalSeconds:0.0} s.");

    private string StateOf(JobRun run, IReadOnlyList<JobRun> admitted)
    {
        var asked = run.IsCancelled ? $" It was asked to stop{(run.CancelledBy is { } by ? $" by {by}" : "")} and has not ended yet." : "";
        return run.SlotState switch
        {
            SlotState.None or SlotState.Waiting => WaitingFor(run, admitted) + asked,
            SlotState.Held => "It runs." + asked,
            SlotState.Lent => "It waits for jobs that it submitted itself, and has lent its slot to others meanwhile." + asked,
            SlotState.LentWhileBlocked => "It blocks its thread until jobs that it submitted itself end, and has lent its slot to others meanwhile." + asked,
            _ => "It has its outcome, which is on its way to the submitter.",
        };
    }

    private string WaitingFor(JobRun run, IReadOnlyList<JobRun> admitted)
    {
        var before = admitted.Count(other => other.SlotState is (SlotState.None or SlotState.Waiting) && other.AcceptedAt < run.AcceptedAt);
        var earlier = before switch { 0 => "no job that waits came before it", 1 => "1 job that waits came before it", _ => $"{before} jobs that wait came before it" };
        var (active, _) = host.Scheduler.Load;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"It waits for a slot: {active} of {host.Scheduler.Slots} {(host.Scheduler.Slots == 1 ? "is" : "are")} taken, and {earlier}.");
    }
}
