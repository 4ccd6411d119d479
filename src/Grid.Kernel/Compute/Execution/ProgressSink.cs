using Grid.Kernel.Compute.Wire;

namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// Sends a job's reports to its submitter, at most one per <see cref="Interval"/>; the latest of those held back goes out when the
/// interval is over or the job ends.
/// </summary>
internal sealed class ProgressSink(JobRun run) : IProgress<JobProgress>
{
    /// <summary>The shortest time between two reports on the wire.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();

    // Both under the lock; written by the job's threads, the clock and the end of the job.
    private JobProgress? _held;
    private bool _isClosed;

    public void Report(JobProgress value)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            var isHeld = _held is not null;
            _held = value;
            if (isHeld)
            {
                return;
            }
        }

        var clock = run.Host.Clock;
        clock.Arm(clock.After(Interval), static state => ((ProgressSink)state).Flush(), this);
    }

    /// <summary>Sends what is held back.</summary>
    public void Flush()
    {
        JobProgress? progress;
        lock (_gate)
        {
            progress = _held;
            _held = null;
        }

        if (progress is not null)
        {
            run.Request.Replies.Notify(new JobNotice(run.Key.Number, run.Key.Attempt, progress).ToBytes());
        }
    }

    /// <summary>Sends what is held back and takes no more reports: the job has ended.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }

        Flush();
    }
}
