namespace Grid.Kernel.Gossip.Sampling;

/// <summary>What the runtime of this process tells of itself: processor time, heap, pauses, the shared thread pool.</summary>
internal sealed class RuntimeSource(TimeProvider time) : IMetricsSource
{
    private readonly PoolProbe _pool = new(time);
    private TimeSpan _processorTime;
    private TimeSpan _paused;

    /// <inheritdoc/>
    public void Sample(MetricSample sample, TimeSpan elapsed)
    {
        var processorTime = OperatingSystem.IsBrowser() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() ? TimeSpan.Zero : Environment.CpuUsage.TotalTime;
        var paused = GC.GetTotalPauseDuration();
        if (elapsed > TimeSpan.Zero)
        {
            sample.SetRatio(MetricField.ProcessLoadRatio, Math.Clamp((processorTime - _processorTime) / (elapsed * Environment.ProcessorCount), 0, 1));
            sample.SetRatio(MetricField.GcPauseRatio, Math.Clamp((paused - _paused) / elapsed, 0, 1));
        }

        (_processorTime, _paused) = (processorTime, paused);
        sample.SetCount(MetricField.HeapBytes, GC.GetTotalMemory(forceFullCollection: false));
        sample.SetCount(MetricField.ThreadPoolThreads, ThreadPool.ThreadCount);
        sample.SetCount(MetricField.ThreadPoolPending, ThreadPool.PendingWorkItemCount);
        sample.SetMs(MetricField.ThreadPoolDelayMs, _pool.Measure()?.TotalMilliseconds ?? double.NaN);
    }
}
