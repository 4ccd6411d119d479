namespace Grid.Samples.MonteCarlo;

/// <summary>The fold over the blocks: the total so far, and what it was each time the number of paths had doubled.</summary>
internal sealed class Convergence
{
    private readonly List<BlockSum> _steps = [];
    private long _nextStep = 1;

    public BlockSum Total { get; private set; }

    /// <summary>The totals to show, the last one included.</summary>
    public IEnumerable<BlockSum> Steps => _steps.Count > 0 && _steps[^1] == Total ? _steps : _steps.Append(Total);

    public Convergence Add(BlockSum block)
    {
        Total = Total.Add(block);
        if (Total.Samples >= _nextStep)
        {
            _steps.Add(Total);
            _nextStep = 2 * Total.Samples;
        }

        return this;
    }
}
