using Grid.Kernel.Gossip;
using Grid.Kernel.Gossip.Sampling;

namespace Grid.Kernel.Tests.Gossip;

public sealed class SamplingTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("grid-sampling").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Limits_of_a_version_2_control_group_hold_and_the_tightest_of_its_ancestors_wins()
    {
        Write("sys/fs/cgroup/cgroup.controllers", "cpu memory");
        Write("proc/self/cgroup", "0::/pod/box\n");
        Write("sys/fs/cgroup/pod/box/cpu.max", "max 100000\n");
        Write("sys/fs/cgroup/pod/cpu.max", "50000 100000\n");
        Write("sys/fs/cgroup/pod/box/cpu.stat", "nr_periods 3\nusage_usec 4000000\nuser_usec 1\n");
        Write("sys/fs/cgroup/pod/box/memory.max", "1000000\n");
        Write("sys/fs/cgroup/pod/box/memory.current", "700000\n");
        Write("sys/fs/cgroup/pod/box/memory.stat", "anon 5\ninactive_file 200000\n");
        Write("sys/fs/cgroup/pod/memory.max", "max\n");
        Write("sys/fs/cgroup/pod/memory.current", "900000\n");

        using var group = ControlGroup.Find(_root);

        Assert.Equal(0.5, group.ReadProcessorLimit());
        Assert.Equal(TimeSpan.FromSeconds(4), group.ReadProcessorTime());
        Assert.Equal((1_000_000, 500_000), group.ReadMemory());
    }

    [Fact]
    public void Limits_of_a_version_1_control_group_hold()
    {
        Write("proc/self/cgroup", "4:memory:/box\n2:cpu,cpuacct:/box\n");
        Write("sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us", "150000\n");
        Write("sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us", "100000\n");
        Write("sys/fs/cgroup/cpu,cpuacct/box/cpuacct.usage", "3000000000\n");
        Write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "2000\n");
        Write("sys/fs/cgroup/memory/box/memory.usage_in_bytes", "1500\n");
        Write("sys/fs/cgroup/memory/box/memory.stat", "cache 5\ninactive_file 1\ntotal_inactive_file 500\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "999999\n");

        using var group = ControlGroup.Find(_root);

        Assert.Equal(1.5, group.ReadProcessorLimit());
        Assert.Equal(TimeSpan.FromSeconds(3), group.ReadProcessorTime());
        Assert.Equal((2000, 1000), group.ReadMemory());
    }

    [Fact]
    public void Without_a_control_group_there_is_no_limit_and_nothing_is_made_up()
    {
        using var group = ControlGroup.Find(_root);
        using var source = new MachineSource(_root);
        var sample = new MetricSample();

        source.Sample(sample, TimeSpan.Zero);

        Assert.Null(group.ReadProcessorLimit());
        Assert.Null(group.ReadMemory());
        var metrics = MetricSample.ToMetrics(sample.Values);
        Assert.Equal(Environment.ProcessorCount, metrics.Processors);
        Assert.Equal((null, null, null), (metrics.ProcessorLoadRatio, metrics.MemoryUsedBytes, metrics.ProcessMemoryBytes));
    }

    [Fact]
    public void Load_is_measured_against_the_limit_of_the_group()
    {
        Write("sys/fs/cgroup/cgroup.controllers", "cpu");
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/cpu.max", "50000 100000\n");
        Write("sys/fs/cgroup/cpu.stat", "usage_usec 1000000\n");
        Write("proc/meminfo", "MemTotal:  8000 kB\nMemFree:   100 kB\nMemAvailable:    6000 kB\n");
        using var source = new MachineSource(_root);
        var sample = new MetricSample();
        source.Sample(sample, TimeSpan.Zero);

        File.WriteAllText(Path.Combine(_root, "sys/fs/cgroup/cpu.stat"), "usage_usec 1250000\n");
        source.Sample(sample, TimeSpan.FromSeconds(1));

        var metrics = MetricSample.ToMetrics(sample.Values);
        Assert.Equal((0.5, 0.5), (metrics.Processors, metrics.ProcessorLoadRatio));
        Assert.Equal((8000L * 1024, 6000L * 1024, 2000L * 1024), (metrics.MemoryLimitBytes, metrics.MemoryAvailableBytes, metrics.MemoryUsedBytes));
    }

    [Fact]
    public void This_process_is_measured_without_allocating()
    {
        using var machine = MachineSource.OfThisSystem();
        var sampler = new NodeSampler([machine, new RuntimeSource(TimeProvider.System)]);
        for (var i = 1; i <= 3; i++)
        {
            sampler.Measure(TimeSpan.FromSeconds(i));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 4; i < 104; i++)
        {
            sampler.Measure(TimeSpan.FromSeconds(i));
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 64);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(123_456)]
    [InlineData(86_400_000_000)]
    public void A_percentile_is_right_to_an_eighth(long micros)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromMicroseconds(micros));
        histogram.Advance();

        Assert.InRange(histogram.PercentileMs(0.5)!.Value * 1000, micros, micros * 1.125);
    }

    [Fact]
    public void Percentiles_tell_the_common_from_the_rare()
    {
        var histogram = new LatencyHistogram();
        for (var i = 0; i < 990; i++)
        {
            histogram.Record(TimeSpan.FromMilliseconds(1));
        }

        for (var i = 0; i < 20; i++)
        {
            histogram.Record(TimeSpan.FromSeconds(1));
        }

        histogram.Advance();

        Assert.InRange(histogram.PercentileMs(0.5)!.Value, 1, 1.125);
        Assert.InRange(histogram.PercentileMs(0.99)!.Value, 1000, 1125);
    }

    [Fact]
    public void Old_durations_fade_the_last_stay_and_before_the_first_nothing_is_known()
    {
        var histogram = new LatencyHistogram();
        histogram.Advance();
        Assert.Null(histogram.PercentileMs(0.5));
        histogram.Record(TimeSpan.FromSeconds(1));
        for (var reading = 0; reading < 50; reading++)
        {
            histogram.Advance();
        }

        Assert.InRange(histogram.PercentileMs(0.5)!.Value, 1000, 1125);
        histogram.Record(TimeSpan.FromMilliseconds(1));
        histogram.Advance();
        Assert.InRange(histogram.PercentileMs(0.5)!.Value, 1, 1.125);
    }

    [Fact]
    public void What_no_source_sets_is_unknown_and_not_zero()
    {
        var sample = new MetricSample();
        sample.SetRatio(MetricField.GcPauseRatio, double.NaN);
        sample.SetCount(MetricField.JobsActive, 0);

        var metrics = MetricSample.ToMetrics(sample.Values);

        Assert.Equal(new NodeMetrics { JobsActive = 0 }, metrics);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
