namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// Says when a node is short of memory: from a fraction of the limit on, until it is down to <see cref="Hysteresis"/> below it. What is not known is no reason to stop.
/// </summary>
/// <param name="fraction">Of the limit, above 0 to 1; 0 for never.</param>
internal sealed class MemoryWatermark(double fraction)
{
    /// <summary>How far below the mark admission goes on, as a fraction of the limit: around one mark it would stop and go.</summary>
    public const double Hysteresis = 0.05;

    /// <summary>Whether it was short of memory when it was looked at last.</summary>
    public bool IsShort { get; private set; }

    /// <summary>Looks at figures.</summary>
    /// <returns>Whether <see cref="IsShort"/> has changed.</returns>
    public bool Look(long? usedBytes, long? limitBytes)
    {
        var before = IsShort;
        IsShort = fraction > 0 && usedBytes is { } used && limitBytes is > 0 and var limit
            && used >= limit * (before ? fraction - Hysteresis : fraction);
        return IsShort != before;
    }
}
