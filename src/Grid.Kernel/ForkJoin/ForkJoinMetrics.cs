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
    private long _asks;
    private long _asksMet;
    private long _refused;
    private long _dropped;
    private long _stolen;
    private long _bytes;
    private long _runAgain;

    public ForkJoinMetrics(IMeterFactory? meters)
    {
        _meter = meters?.Create("Grid.ForkJoin");
        _meter?.CreateObservableCounter("grid.forkjoin.computations", () => Computations, "{computation}", "Computations whose root ran on this node.");
        _meter?.CreateObservableCounter("grid.forkjoin.steals", () => Steals, "{task}", "Tasks that a worker took from another one of this node.");
        _meter?.CreateObservableCounter("grid.forkjoin.sleeps", () => Sleeps, "{sleep}", "How often a worker slept until the result of a stolen task was there.");
        _meter?.CreateObservableCounter("grid.forkjoin.visits", () => Visits, "{visit}", "How often a lane came to help a computation.");
        _meter?.CreateObservableCounter("grid.forkjoin.asks", () => Asks, "{request}", "How often this node asked another one for tasks.");
        _meter?.CreateObservableCounter("grid.forkjoin.asks_met", () => AsksMet, "{request}", "How often it was sent some.");
        _meter?.CreateObservableCounter("grid.forkjoin.stolen", () => Stolen, "{task}", "Tasks that this node took from other nodes.");
        _meter?.CreateObservableCounter("grid.forkjoin.bytes", () => Bytes, "By", "Bytes of tasks and outcomes sent to other nodes.");
        _meter?.CreateObservableCounter("grid.forkjoin.reexecutions", () => RunAgain, "{task}", "Tasks that ran here again because the node that had taken them was lost or gave them back.");
        _meter?.CreateObservableCounter("grid.forkjoin.refused", () => Refused, "{outcome}", "Outcomes that came after their tasks had been given up for lost here.");
        _meter?.CreateObservableUpDownCounter("grid.forkjoin.depth", () => Depth(), "{task}", "How many tasks are begun on top of each other by workers that wait, where it is most.");
        _meter?.CreateObservableCounter("grid.forkjoin.dropped", () => Volatile.Read(ref _dropped), "{message}", "Messages about computations that were thrown away because too many waited; each is sent again.");
    }

    /// <summary>Tells the depth; set before anybody measures.</summary>
    public Func<int> Depth { get; set; } = static () => 0;

    public long Computations => Volatile.Read(ref _computations);

    public long Steals => Volatile.Read(ref _steals);

    public long Sleeps => Volatile.Read(ref _sleeps);

    public long Visits => Volatile.Read(ref _visits);

    public long Asks => Volatile.Read(ref _asks);

    /// <summary>How often tasks came.</summary>
    public long AsksMet => Volatile.Read(ref _asksMet);

    /// <summary>Tasks that came from other nodes.</summary>
    public long Stolen => Volatile.Read(ref _stolen);

    /// <summary>Bytes of tasks and outcomes that were sent.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Tasks that came back without an outcome.</summary>
    public long RunAgain => Volatile.Read(ref _runAgain);

    /// <summary>Outcomes that nobody waited for any more.</summary>
    public long Refused => Volatile.Read(ref _refused);

    public void CountAsk() => Interlocked.Increment(ref _asks);

    /// <summary>An answer is here.</summary>
    public void CountLoot(int tasks)
    {
        Interlocked.Add(ref _stolen, tasks);
        Interlocked.Add(ref _asksMet, tasks > 0 ? 1 : 0);
    }

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountDropped() => Interlocked.Increment(ref _dropped);

    public void CountBytes(int bytes) => Interlocked.Add(ref _bytes, bytes);

    public void CountRunAgain(int tasks) => Interlocked.Add(ref _runAgain, tasks);

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
