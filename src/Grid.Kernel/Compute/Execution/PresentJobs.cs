namespace Grid.Kernel.Compute.Execution;

/// <summary>The jobs of a scheduler from their admission to their end. Everything but <see cref="Count"/> is called under the scheduler's lock.</summary>
internal sealed class PresentJobs
{
    private readonly Dictionary<JobKey, JobRun> _runs = [];
    private TaskCompletionSource? _emptied;

    /// <summary>How many there are; without the lock, a glance.</summary>
    public int Count => _runs.Count;

    public bool TryAdd(JobRun run) => _runs.TryAdd(run.Key, run);

    public void Remove(JobRun run)
    {
        _runs.Remove(run.Key);
        if (_runs.Count == 0)
        {
            _emptied?.TrySetResult();
            _emptied = null;
        }
    }

    public JobRun? Find(JobKey key) => _runs.GetValueOrDefault(key);

    public JobRun[] FindAll(Func<JobRun, bool> isWanted) => [.. _runs.Values.Where(isWanted)];

    /// <summary>The job that has waited for a slot for the longest time; looks at all.</summary>
    public JobRun? FindOldestWaiting() => _runs.Values.Where(run => run.SlotState == SlotState.Waiting).MinBy(run => run.AcceptedAt);

    /// <summary>Completes at a moment when there is none.</summary>
    public Task WhenEmptyAsync()
    {
        if (_runs.Count == 0)
        {
            return Task.CompletedTask;
        }

        _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _emptied.Task;
    }
}
