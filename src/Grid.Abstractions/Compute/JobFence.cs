namespace Grid;

/// <summary>
/// The right of one attempt to commit: which membership runs it and which attempt of the job it is. A store that keeps the highest
/// attempt it has seen per job refuses the writes of an attempt that was replaced.
/// </summary>
/// <param name="Member">The membership that runs the attempt.</param>
/// <param name="Attempt">1 for the first attempt of the job, and so on.</param>
public readonly record struct JobFence(NodeKey Member, int Attempt)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Member}/{Attempt}";
}
