using System.Collections.Immutable;

namespace Grid.Kernel.Gossip;

/// <summary>
/// One measurement in the making, as whole numbers: counts and bytes as they are, ratios in ten-thousandths, milliseconds in thousandths. What no
/// source sets stays unknown. One instance is filled again and again; it belongs to the sampling thread.
/// </summary>
internal sealed class MetricSample
{
    /// <summary>The value of a figure that is not known.</summary>
    public const long Unknown = long.MinValue;

    /// <summary>How many figures this version knows.</summary>
    public const int FieldsKnown = (int)MetricField.UnreachablePeer8 + 1;

    /// <summary>How many figures any version can have.</summary>
    public const int FieldsMax = 64;

    private const double RatioUnits = 10_000;
    private const double MsUnits = 1_000;

    private readonly long[] _values = new long[FieldsKnown];

    public MetricSample() => Clear();

    public ReadOnlySpan<long> Values => _values;

    public void Clear() => _values.AsSpan().Fill(Unknown);

    /// <summary>Sets a count or a number of bytes; a negative one is none.</summary>
    public void SetCount(MetricField field, long value) => _values[(int)field] = value < 0 ? Unknown : value;

    /// <summary>Sets a ratio or a number of processors, kept to four digits after the point; what is not a number is unknown.</summary>
    public void SetRatio(MetricField field, double value) => _values[(int)field] = Scale(value, RatioUnits);

    /// <summary>Sets a duration, kept to the microsecond; what is not a number is unknown.</summary>
    public void SetMs(MetricField field, double ms) => _values[(int)field] = Scale(ms, MsUnits);

    /// <summary>The figures as the public record shows them.</summary>
    public static NodeMetrics ToMetrics(ReadOnlySpan<long> values) => ToNodeMetrics(values) with
    {
        ForkJoinAsks = Long(values, MetricField.ForkJoinAsks),
        ForkJoinAsksMet = Long(values, MetricField.ForkJoinAsksMet),
        ForkJoinStolen = Long(values, MetricField.ForkJoinStolen),
        ForkJoinBytes = Long(values, MetricField.ForkJoinBytes),
        ForkJoinRunAgain = Long(values, MetricField.ForkJoinRunAgain),
        ForkJoinDepth = Int(values, MetricField.ForkJoinDepth),
    };

    private static NodeMetrics ToNodeMetrics(ReadOnlySpan<long> values) => new()
    {
        Processors = Ratio(values, MetricField.Processors),
        ProcessorLoadRatio = Ratio(values, MetricField.ProcessorLoadRatio),
        ProcessLoadRatio = Ratio(values, MetricField.ProcessLoadRatio),
        MemoryUsedBytes = Long(values, MetricField.MemoryUsedBytes),
        MemoryAvailableBytes = Long(values, MetricField.MemoryAvailableBytes),
        MemoryLimitBytes = Long(values, MetricField.MemoryLimitBytes),
        ProcessMemoryBytes = Long(values, MetricField.ProcessMemoryBytes),
        HeapBytes = Long(values, MetricField.HeapBytes),
        GcPauseRatio = Ratio(values, MetricField.GcPauseRatio),
        ThreadPoolThreads = Int(values, MetricField.ThreadPoolThreads),
        ThreadPoolPending = Long(values, MetricField.ThreadPoolPending),
        ThreadPoolDelayMs = Ms(values, MetricField.ThreadPoolDelayMs),
        JobLanesBusy = Int(values, MetricField.JobLanesBusy),
        JobsActive = Int(values, MetricField.JobsActive),
        JobsWaiting = Int(values, MetricField.JobsWaiting),
        JobsDone = Long(values, MetricField.JobsDone),
        JobsFailed = Long(values, MetricField.JobsFailed),
        JobsRejected = Long(values, MetricField.JobsRejected),
        JobsCancelled = Long(values, MetricField.JobsCancelled),
        QueueWaitP50Ms = Ms(values, MetricField.QueueWaitP50Ms),
        QueueWaitP99Ms = Ms(values, MetricField.QueueWaitP99Ms),
        RunTimeP50Ms = Ms(values, MetricField.RunTimeP50Ms),
        RunTimeP99Ms = Ms(values, MetricField.RunTimeP99Ms),
        BytesIn = Long(values, MetricField.BytesIn),
        BytesOut = Long(values, MetricField.BytesOut),
        FramesIn = Long(values, MetricField.FramesIn),
        FramesOut = Long(values, MetricField.FramesOut),
        PeerRoundTripP50Ms = Ms(values, MetricField.PeerRoundTripP50Ms),
        PeerRoundTripP99Ms = Ms(values, MetricField.PeerRoundTripP99Ms),
        LoadContexts = Int(values, MetricField.LoadContexts),
        CodeCacheBytes = Long(values, MetricField.CodeCacheBytes),
        TimerLatenessMs = Ms(values, MetricField.TimerLatenessMs),
        JobLanesBlocked = Int(values, MetricField.JobLanesBlocked),
        Starvation = (NodeStarvation?)(Int(values, MetricField.Starvation) & (int)(NodeStarvation.JobLanes | NodeStarvation.ThreadPool)),
        UnreachablePeers = Int(values, MetricField.UnreachablePeers),
        UnreachableMarks = Marks(values),
    };

    private static long Scale(double value, double units) =>
        double.IsFinite(value) && value >= 0 && value < long.MaxValue / (2 * units) ? (long)Math.Round(value * units) : Unknown;

    private static ImmutableArray<long> Marks(ReadOnlySpan<long> values)
    {
        if (Long(values, MetricField.UnreachablePeers) is null or 0)
        {
            return [];
        }

        var marks = ImmutableArray.CreateBuilder<long>();
        for (var field = MetricField.UnreachablePeer1; field <= MetricField.UnreachablePeer8; field++)
        {
            if (Long(values, field) is { } mark)
            {
                marks.Add(mark);
            }
        }

        return marks.ToImmutable();
    }

    private static long? Long(ReadOnlySpan<long> values, MetricField field) =>
        (int)field < values.Length && values[(int)field] is >= 0 and var value ? value : null;

    private static int? Int(ReadOnlySpan<long> values, MetricField field) =>
        Long(values, field) is { } value ? (int)Math.Min(value, int.MaxValue) : null;

    private static double? Ratio(ReadOnlySpan<long> values, MetricField field) => Long(values, field) / RatioUnits;

    private static double? Ms(ReadOnlySpan<long> values, MetricField field) => Long(values, field) / MsUnits;
}
