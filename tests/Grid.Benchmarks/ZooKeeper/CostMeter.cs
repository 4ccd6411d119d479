using System.Diagnostics;

namespace Grid.Benchmarks.ZooKeeper;

/// <summary>Time, CPU time and allocations of this process from its making on.</summary>
internal readonly struct CostMeter()
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpu = Process.GetCurrentProcess().TotalProcessorTime;
    private readonly long _allocated = GC.GetTotalAllocatedBytes(precise: true);

    public Measurement Stop(int operations, double medianMicroseconds)
    {
        var elapsed = Stopwatch.GetElapsedTime(_start);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - _allocated;
        var cpu = Process.GetCurrentProcess().TotalProcessorTime - _cpu;
        return new Measurement(operations / elapsed.TotalSeconds, medianMicroseconds, cpu.TotalMicroseconds / operations, (double)allocated / operations);
    }
}
