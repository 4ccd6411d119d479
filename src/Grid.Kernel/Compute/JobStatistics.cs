using System.Numerics;
using Grid.Kernel.Gossip;
using Grid.Kernel.Gossip.Sampling;

namespace Grid.Kernel.Compute;

/// <summary>What became of the jobs that this node took in, and how long they took; told to the others as the node's metrics.</summary>
/// <remarks>
/// A job that ends well costs nothing here unless it is timed. All are timed while there are few; of many, as many as tell the percentiles: the mask that a job's
/// number must pass is widened once a period. Jobs done are not counted, but what was taken less what ended otherwise or is still here.
/// </remarks>
/// <param name="time">The clock.</param>
internal sealed class JobStatistics(TimeProvider time)
{
    /// <summary>About how many jobs are timed per period, at most twice as many.</summary>
    private const long TimedPerPeriod = 256;

    private readonly LatencyHistogram _queueWaits = new();
    private readonly LatencyHistogram _runTimes = new();
    private long _failed;
    private long _rejected;
    private long _cancelled;
    private long _handedBack;
    private long _done; // The gossip thread's own.
    private long _mask; // Written by the gossip thread, read by all.

    public void CountRejected() => Interlocked.Increment(ref _rejected);

    /// <summary>A job that was taken in goes back to its submitter; for the others it was rejected.</summary>
    public void CountHandedBack()
    {
        CountRejected();
        Interlocked.Increment(ref _handedBack);
    }

    public void CountFailed() => Interlocked.Increment(ref _failed);

    public void CountCancelled() => Interlocked.Increment(ref _cancelled);

    /// <summary>A job has come in.</summary>
    /// <param name="number">Its submitter's number for it.</param>
    /// <returns>When, as a timestamp; 0 for a job that is not timed.</returns>
    public long RecordAdmission(long number) => (number & Volatile.Read(ref _mask)) == 0 ? time.GetTimestamp() : 0;

    /// <summary>A job has got a slot.</summary>
    /// <param name="admittedAt">What <see cref="RecordAdmission"/> returned.</param>
    /// <returns>The timestamp of now; 0 for a job that is not timed.</returns>
    public long RecordStart(long admittedAt)
    {
        if (admittedAt == 0)
        {
            return 0;
        }

        var now = time.GetTimestamp();
        _queueWaits.Record(time.GetElapsedTime(admittedAt, now));
        return now;
    }

    /// <summary>A job has its outcome.</summary>
    /// <param name="startedAt">What <see cref="RecordStart"/> returned, or 0 for a job that did not start.</param>
    public void RecordEnd(long startedAt)
    {
        if (startedAt != 0)
        {
            _runTimes.Record(time.GetElapsedTime(startedAt));
        }
    }

    /// <summary>Writes the figures; called on the gossip thread only.</summary>
    /// <param name="sample">Where to.</param>
    /// <param name="taken">How many jobs were taken in.</param>
    /// <param name="present">How many of them are here.</param>
    public void Sample(MetricSample sample, long taken, int present)
    {
        var (failed, cancelled) = (Interlocked.Read(ref _failed), Interlocked.Read(ref _cancelled));
        var done = Math.Max(_done, taken - failed - cancelled - Interlocked.Read(ref _handedBack) - present); // The numbers are not of one moment, but done stays done.
        Volatile.Write(ref _mask, (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, (done - _done) / TimedPerPeriod)) - 1);
        _done = done;
        sample.SetCount(MetricField.JobsDone, done);
        sample.SetCount(MetricField.JobsFailed, failed);
        sample.SetCount(MetricField.JobsRejected, Interlocked.Read(ref _rejected));
        sample.SetCount(MetricField.JobsCancelled, cancelled);
        SampleLatency(sample, _queueWaits, MetricField.QueueWaitP50Ms, MetricField.QueueWaitP99Ms);
        SampleLatency(sample, _runTimes, MetricField.RunTimeP50Ms, MetricField.RunTimeP99Ms);
    }

    private static void SampleLatency(MetricSample sample, LatencyHistogram histogram, MetricField p50, MetricField p99)
    {
        histogram.Advance();
        sample.SetMs(p50, histogram.PercentileMs(0.5) ?? double.NaN);
        sample.SetMs(p99, histogram.PercentileMs(0.99) ?? double.NaN);
    }
}
