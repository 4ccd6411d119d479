namespace Grid.Kernel.Health;

/// <summary>
/// Decides from a node's own figures whether its work gets nowhere. Pure: figures and the time in, the verdict out. It is quick to say so and slow to take it back, so that
/// a node on the verge does not swing.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="slots">How many jobs run at once on the node.</param>
internal sealed class StarvationMachine(HealthOptions options, int slots)
{
    private TimeSpan? _lanesStuckSince;
    private TimeSpan? _lanesWellSince;
    private TimeSpan? _poolWellSince;
    private long _ended;

    /// <summary>The verdict on the latest figures.</summary>
    public NodeStarvation Current { get; private set; }

    /// <summary>The node has measured itself.</summary>
    public NodeStarvation OnFigures(in WorkFigures figures, TimeSpan now)
    {
        var isStuck = slots > 0 && figures.LanesBlocked >= slots && figures.JobsEnded == _ended;
        _ended = figures.JobsEnded;
        _lanesStuckSince = isStuck ? _lanesStuckSince ?? now : null;
        Judge(NodeStarvation.JobLanes, isStuck && now - _lanesStuckSince >= options.StarvedAfter, !isStuck, ref _lanesWellSince, now);

        var delay = figures.PoolDelay ?? TimeSpan.Zero;
        Judge(NodeStarvation.ThreadPool, delay >= options.PoolDelayMax, delay < options.PoolDelayMax / 4, ref _poolWellSince, now);
        return Current;
    }

    private void Judge(NodeStarvation what, bool isStarved, bool isWell, ref TimeSpan? wellSince, TimeSpan now)
    {
        wellSince = isWell ? wellSince ?? now : null;
        if (isStarved)
        {
            Current |= what;
        }
        else if (now - wellSince >= options.RecoveredAfter)
        {
            Current &= ~what;
        }
    }
}
