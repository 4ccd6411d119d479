namespace Grid.Chaos.Plan;

/// <summary>One fault of a plan.</summary>
/// <param name="Number">Its place in the plan, from 1.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Worker">To which worker, by number; -1 when it is the ensemble.</param>
/// <param name="At">When, from the start of the run.</param>
/// <param name="Length">How long it lasts.</param>
internal sealed record Fault(int Number, FaultKind Kind, int Worker, TimeSpan At, TimeSpan Length)
{
    /// <summary>When it is made good.</summary>
    public TimeSpan End => At + Length;
}
