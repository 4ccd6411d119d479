namespace Grid.Kernel.Compute.Execution;

/// <summary>What the admission of jobs leaves to do outside the scheduler's lock; seldom anything.</summary>
internal sealed class AdmissionChores
{
    private readonly List<(JobRun Run, string Reason)> _refused = [];
    private readonly List<Exception> _faults = [];

    /// <summary>Jobs to hand back to their submitters, each with the reason.</summary>
    public IReadOnlyList<(JobRun Run, string Reason)> Refused => _refused;

    /// <summary>What the provider threw, or did that it must not.</summary>
    public IReadOnlyList<Exception> Faults => _faults;

    /// <summary>Whether the provider is to be asked again a while later, whatever happens.</summary>
    public bool AskLater { get; set; }

    public void AddRefused(JobRun run, string reason) => _refused.Add((run, reason));

    public void AddFault(Exception fault) => _faults.Add(fault);
}
