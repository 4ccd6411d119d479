namespace Grid.Kernel.Gossip;

/// <summary>
/// The figures of <see cref="NodeMetrics"/> by number. The numbers are part of the wire format: at most 63, never given to another figure.
/// </summary>
internal enum MetricField : byte
{
    Processors = 0,
    ProcessorLoadRatio = 1,
    ProcessLoadRatio = 2,
    MemoryUsedBytes = 3,
    MemoryAvailableBytes = 4,
    MemoryLimitBytes = 5,
    ProcessMemoryBytes = 6,
    HeapBytes = 7,
    GcPauseRatio = 8,
    ThreadPoolThreads = 9,
    ThreadPoolPending = 10,
    ThreadPoolDelayMs = 11,
    JobLanesBusy = 12,
    JobsActive = 13,
    JobsWaiting = 14,
    JobsDone = 15,
    JobsFailed = 16,
    JobsRejected = 17,
    JobsCancelled = 18,
    QueueWaitP50Ms = 19,
    QueueWaitP99Ms = 20,
    RunTimeP50Ms = 21,
    RunTimeP99Ms = 22,
    BytesIn = 23,
    BytesOut = 24,
    FramesIn = 25,
    FramesOut = 26,
    PeerRoundTripP50Ms = 27,
    PeerRoundTripP99Ms = 28,
    LoadContexts = 29,
    CodeCacheBytes = 30,
    TimerLatenessMs = 31,
}
