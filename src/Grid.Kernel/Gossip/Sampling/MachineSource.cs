namespace Grid.Kernel.Gossip.Sampling;

/// <summary>
/// What the node's container, or else its machine, has and uses. On Linux from the files of the system; elsewhere what the runtime tells, the rest is unknown.
/// </summary>
internal sealed class MachineSource : IMetricsSource, IDisposable
{
    private const int StatFieldIdle = 4;
    private const int StatFieldWaiting = 5;
    private const int StatFieldLast = 8;

    private readonly ControlGroup? _group;
    private readonly StatFile? _machineMemory;
    private readonly StatFile? _machineTime;
    private readonly StatFile? _processMemory;
    private readonly long _memoryBytes;
    private TimeSpan? _groupTime;
    private (long Busy, long All)? _machineTicks;

    /// <summary>Opens the files.</summary>
    /// <param name="root">Where the file system begins: <c>/</c>, or a copy of the files in a test; null where there are no such files.</param>
    public MachineSource(string? root)
    {
        _memoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (root is not null)
        {
            _group = ControlGroup.Find(root);
            _machineMemory = StatFile.TryOpen(Path.Combine(root, "proc/meminfo"));
            _machineTime = StatFile.TryOpen(Path.Combine(root, "proc/stat"));
            _processMemory = StatFile.TryOpen(Path.Combine(root, "proc/self/statm"));
        }
    }

    /// <summary>The source for the system that this process runs on.</summary>
    public static MachineSource OfThisSystem() => new(OperatingSystem.IsLinux() ? "/" : null);

    /// <inheritdoc/>
    public void Sample(MetricSample sample, TimeSpan elapsed)
    {
        var limit = _group?.ReadProcessorLimit();
        var processors = Math.Min(limit ?? double.MaxValue, Environment.ProcessorCount);
        sample.SetRatio(MetricField.Processors, processors);
        sample.SetRatio(MetricField.ProcessorLoadRatio, (limit is null ? MachineLoad() : null) ?? GroupLoad(elapsed * processors) ?? double.NaN);
        SampleMemory(sample);
        if (_processMemory is not null && StatText.NumberAt(_processMemory.Read(), 1) is { } pages)
        {
            sample.SetCount(MetricField.ProcessMemoryBytes, pages * Environment.SystemPageSize);
        }
    }

    public void Dispose()
    {
        _group?.Dispose();
        _machineMemory?.Dispose();
        _machineTime?.Dispose();
        _processMemory?.Dispose();
    }

    private double? GroupLoad(TimeSpan could)
    {
        var before = _groupTime;
        _groupTime = _group?.ReadProcessorTime();
        return _groupTime is { } now && before is { } then && could > TimeSpan.Zero ? Math.Clamp((now - then) / could, 0, 1) : null;
    }

    private double? MachineLoad()
    {
        var before = _machineTicks;
        _machineTicks = ReadMachineTicks();
        return _machineTicks is { } now && before is { } then && now.All > then.All ? Math.Clamp((double)(now.Busy - then.Busy) / (now.All - then.All), 0, 1) : null;
    }

    /// <summary>The first line of <c>/proc/stat</c>: <c>cpu user nice system idle iowait irq softirq steal …</c>, in ticks since the machine started.</summary>
    private (long Busy, long All)? ReadMachineTicks()
    {
        if (_machineTime is null)
        {
            return null;
        }

        var text = _machineTime.Read();
        long busy = 0, all = 0;
        for (var field = 1; field <= StatFieldLast; field++)
        {
            var ticks = StatText.NumberAt(text, field) ?? 0;
            all += ticks;
            busy += field is StatFieldIdle or StatFieldWaiting ? 0 : ticks;
        }

        return all > 0 ? (busy, all) : null;
    }

    private void SampleMemory(MetricSample sample)
    {
        long? total = null, available = null;
        if (_machineMemory is not null)
        {
            var text = _machineMemory.Read();
            total = StatText.NumberOf(text, "MemTotal:"u8) * 1024;
            available = StatText.NumberOf(text, "MemAvailable:"u8) * 1024;
        }

        if (_group?.ReadMemory() is { } group && !(group.Limit >= total))
        {
            sample.SetCount(MetricField.MemoryLimitBytes, group.Limit);
            sample.SetCount(MetricField.MemoryUsedBytes, group.Used);
            sample.SetCount(MetricField.MemoryAvailableBytes, Math.Min(available ?? long.MaxValue, Math.Max(0, group.Limit - group.Used)));
            return;
        }

        sample.SetCount(MetricField.MemoryLimitBytes, total ?? _memoryBytes);
        sample.SetCount(MetricField.MemoryAvailableBytes, available ?? MetricSample.Unknown);
        sample.SetCount(MetricField.MemoryUsedBytes, total - available ?? MetricSample.Unknown);
    }
}
