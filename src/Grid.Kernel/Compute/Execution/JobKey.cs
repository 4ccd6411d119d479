namespace Grid.Kernel.Compute.Execution;

/// <summary>One attempt of one job, as the node that runs it knows it.</summary>
/// <param name="Submitter">The membership (or client) that wants the result.</param>
/// <param name="Number">The submitter's number of the job.</param>
/// <param name="Attempt">1 for the first attempt, and so on.</param>
internal readonly record struct JobKey(NodeKey Submitter, long Number, int Attempt)
{
    /// <summary>The number is what differs between the jobs of a node; hashing the submitter's 192 bits as well costs more than it tells apart.</summary>
    public override int GetHashCode() => (Number.GetHashCode() * 31) + Attempt;
}
