using System.Diagnostics.Metrics;

namespace Grid.Kernel.ForkJoin;

/// <summary>Counts what fork/join computations do. Workers add up for themselves and report when they leave.</summary>
internal sealed class ForkJoinMetrics : IDisposable
{
    private readonly Meter? _meter;
    private long _computations;
    private long _steals;
    private long _sleeps;
    private long _visits;

    public ForkJoinMetrics(IMeterFactory? meters)
    {
        _meter = meters?.Create("Grid.ForkJoin");
        _meter?.CreateObservableCounter("grid.forkjoin.computations", () => Computations, "{computation}", "Computations whose root ran on this node.");
        _meter?.CreateObservableCounter("grid.forkjoin.steals", () => Steals, "{task}", "Tasks that a worker took from another one of this node.");
        _meter?.CreateObservableCounter("grid.forkjoin.sleeps", () => Sleeps, "{sleep}", "How often a worker slept until the result of a stolen task was there.");
        _meter?.CreateObservableCounter("grid.forkjoin.visits", () => Visits, "{visit}", "How often a lane came to help a computation.");
    }

    public long Computations => Volatile.Read(ref _computations);

    public long Steals => Volatile.Read(ref _steals);

    public long Sleeps => Volatile.Read(ref _sleeps);

    public long Visits => Volatile.Read(ref _visits);

    public void CountComputation() => Interlocked.Increment(ref _computations);

    public void CountVisit() => Interlocked.Increment(ref _visits);

    /// <summary>What a worker has counted since its last report.</summary>
    public void Add(long steals, long sleeps)
    {
        Interlocked.Add(ref _steals, steals);
        Interlocked.Add(ref _sleeps, sleeps);
    }

    public void Dispose() => _meter?.Dispose();
}
