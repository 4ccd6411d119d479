namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// Looks at the lanes every few milliseconds while jobs have nested work under way, and takes the slots of those that block
/// their thread on it. At rest it does nothing.
/// </summary>
internal sealed class BlockedLaneWatch(JobScheduler scheduler, DeadlineClock clock)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    // How many looks in a row without a lane that runs a job with nested work end the watch.
    private const int QuietLooksMax = 4;

    private int _isWatching;
    private int _quietLooks;

    /// <summary>A job has begun a piece of nested work.</summary>
    public void Watch()
    {
        Volatile.Write(ref _quietLooks, 0);
        if (Interlocked.Exchange(ref _isWatching, 1) == 0)
        {
            Arm();
        }
    }

    private void Arm() => clock.Arm(clock.After(Period), static watch => ((BlockedLaneWatch)watch).Look(), this);

    private void Look()
    {
        var isNested = scheduler.LendSlotsOfBlockedJobs();
        var quiet = isNested ? 0 : Interlocked.Increment(ref _quietLooks);
        if (isNested)
        {
            Volatile.Write(ref _quietLooks, 0);
        }

        if (quiet < QuietLooksMax)
        {
            Arm();
            return;
        }

        Volatile.Write(ref _isWatching, 0);
    }
}
