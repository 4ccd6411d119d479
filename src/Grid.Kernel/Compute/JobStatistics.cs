using Grid.Kernel.Gossip;
using Grid.Kernel.Gossip.Sampling;

namespace Grid.Kernel.Compute;

/// <summary>What became of the jobs that this node took in, and how long they took; told to the others as the node's metrics.</summary>
/// <param name="time">The clock.</param>
internal sealed class JobStatistics(TimeProvider time)
{
    private readonly LatencyHistogram _queueWaits = new();
    private readonly LatencyHistogram _runTimes = new();
    private long _done;
    private long _failed;
    private long _rejected;
    private long _cancelled;

    public void CountRejected() => Interlocked.Increment(ref _rejected);

    public void CountFailed() => Interlocked.Increment(ref _failed);

    public void CountDone() => Interlocked.Increment(ref _done);

    public void CountCancelled() => Interlocked.Increment(ref _cancelled);

    public long Timestamp() => time.GetTimestamp();

    /// <summary>A job has got a slot.</summary>
    /// <param name="admittedAt">When it came in.</param>
    /// <returns>The timestamp of now.</returns>
    public long RecordStart(long admittedAt)
    {
        var now = time.GetTimestamp();
        _queueWaits.Record(time.GetElapsedTime(admittedAt, now));
        return now;
    }

    /// <summary>A job has its outcome.</summary>
    /// <param name="startedAt">What <see cref="RecordStart"/> returned.</param>
    public void RecordEnd(long startedAt) => _runTimes.Record(time.GetElapsedTime(startedAt));

    /// <summary>Writes the figures; called on the gossip thread only.</summary>
    public void Sample(MetricSample sample)
    {
        sample.SetCount(MetricField.JobsDone, Interlocked.Read(ref _done));
        sample.SetCount(MetricField.JobsFailed, Interlocked.Read(ref _failed));
        sample.SetCount(MetricField.JobsRejected, Interlocked.Read(ref _rejected));
        sample.SetCount(MetricField.JobsCancelled, Interlocked.Read(ref _cancelled));
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
