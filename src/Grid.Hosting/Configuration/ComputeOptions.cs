namespace Grid.Hosting;

/// <summary>Limits of the work that a node submits: the section <c>Grid:Compute</c>.</summary>
public sealed class ComputeOptions
{
    /// <summary>
    /// <c>InFlightMax</c>: how many jobs this node may have sent out and not heard back from, 1 to 1,000,000, default 4,096. Beyond it submitters wait.
    /// Each holds its argument in memory until it is answered; too few leave nodes idle (slots of the cluster times two is a good least).
    /// </summary>
    public int InFlightMax { get; init; } = 4096;
}
