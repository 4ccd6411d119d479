namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// What fork/join computations get of a scheduler's lanes and slots: what no job wants. A helper's slot counts like a job's, so jobs and helpers together never hold more
/// than there are; a helper gives its own back between two tasks when a job waits.
/// </summary>
internal sealed class SpareLanes(JobScheduler scheduler) : ISpareLanes
{
    private static readonly SendOrPostCallback Help = static state => ((SpareLanes)state!).HelpOnce();

    // Left over for what a lane and the runtime itself use.
    private const int ReservedStackBytes = 512 * 1024;

    private IForkJoinEngine? _engine;

    /// <inheritdoc/>
    public int Slots => scheduler.Slots;

    /// <inheritdoc/>
    public int StackBytes => JobLane.StackBytes - ReservedStackBytes;

    /// <inheritdoc/>
    public bool AreJobsWaiting => scheduler.AreJobsWaiting;

    /// <inheritdoc/>
    public bool IsSlotFree => scheduler.IsSlotFree;

    /// <summary>How many calls for help are not answered yet, at most one per slot. Read and written under the scheduler's lock.</summary>
    public int Requests { get; private set; }

    /// <summary>How many lanes of computations wait, with their slots lent. Read and written under the scheduler's lock.</summary>
    public int Blocked { get; private set; }

    /// <summary>Names who helps. Called once, before the first job.</summary>
    public void Attach(IForkJoinEngine engine)
    {
        _engine = engine;
        engine.Attach(this);
    }

    /// <inheritdoc/>
    public void RequestHelp() => scheduler.ChangeSpare(static spare => spare.Requests = Math.Min(spare.Requests + 1, spare.Slots), slots: 0);

    /// <inheritdoc/>
    public void BeginBlocked() => scheduler.ChangeSpare(static spare => spare.Blocked++, slots: -1);

    /// <inheritdoc/>
    public void EndBlocked() => scheduler.ChangeSpare(static spare => spare.Blocked--, slots: 1);

    /// <summary>The next call for help as work for a lane, which gets a slot with it. Under the scheduler's lock.</summary>
    public JobWork PickNeedsLock()
    {
        if (Requests == 0)
        {
            return default;
        }

        Requests--;
        return new JobWork(null, Help, this);
    }

    private void HelpOnce()
    {
        try
        {
            _engine!.Help();
        }
        finally
        {
            scheduler.ChangeSpare(static _ => { }, slots: -1);
        }
    }
}
