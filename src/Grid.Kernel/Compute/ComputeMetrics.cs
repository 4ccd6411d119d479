using System.Diagnostics.Metrics;

namespace Grid.Kernel.Compute;

/// <summary>
/// Counts what becomes of jobs. The counts are plain numbers that a listener reads when it wants to, so that counting costs
/// a job next to nothing.
/// </summary>
internal sealed class ComputeMetrics : IDisposable
{
    private readonly Meter? _meter;
    private long _submitted;
    private long _ended;
    private long _attemptsFailed;
    private long _doubled;
    private long _taken;
    private long _refused;
    private long _abandoned;
    private volatile bool _isPaused;

    /// <summary>Publishes the counts.</summary>
    /// <param name="meters">Where to, or null for nowhere.</param>
    /// <param name="load">How many jobs hold a slot here and how many wait for one.</param>
    public ComputeMetrics(IMeterFactory? meters, Func<(int Active, int Waiting)> load)
    {
        _meter = meters?.Create("Grid.Compute");
        _meter?.CreateObservableCounter("grid.compute.jobs_submitted", () => Volatile.Read(ref _submitted), "{job}", "Jobs that this process submitted.");
        _meter?.CreateObservableCounter("grid.compute.jobs_ended", () => Volatile.Read(ref _ended), "{job}", "Submitted jobs that came to an end of any kind.");
        _meter?.CreateObservableCounter("grid.compute.attempts_failed", () => Volatile.Read(ref _attemptsFailed), "{attempt}", "Attempts that ended without an outcome: node lost, refused, given up.");
        _meter?.CreateObservableCounter("grid.compute.attempts_doubled", () => Volatile.Read(ref _doubled), "{attempt}", "Second attempts of stragglers.");
        _meter?.CreateObservableCounter("grid.compute.jobs_taken", () => Volatile.Read(ref _taken), "{job}", "Jobs that this node took in.");
        _meter?.CreateObservableCounter("grid.compute.jobs_refused", () => Volatile.Read(ref _refused), "{job}", "Jobs that this node refused: queue full, stopping, fenced.");
        _meter?.CreateObservableUpDownCounter("grid.compute.jobs_abandoned", () => Abandoned, "{job}", "Jobs here that were cancelled and go on all the same, in their slots.");
        _meter?.CreateObservableGauge("grid.compute.admission_paused", () => _isPaused ? 1 : 0, "{pause}", "1 while nothing new is started because memory is short, else 0.");
        _meter?.CreateObservableUpDownCounter("grid.compute.jobs_active", () => load().Active, "{job}", "Jobs that hold a slot of this node.");
        _meter?.CreateObservableUpDownCounter("grid.compute.jobs_waiting", () => load().Waiting, "{job}", "Jobs that wait for a slot of this node.");
    }

    /// <summary>Jobs that this node took in.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Jobs here that were cancelled and go on.</summary>
    public long Abandoned => Volatile.Read(ref _abandoned);

    public void CountAbandoned(int change) => Interlocked.Add(ref _abandoned, change);

    public void SetPaused(bool isPaused) => _isPaused = isPaused;

    public void CountSubmitted() => Interlocked.Increment(ref _submitted);

    public void CountEnded() => Interlocked.Increment(ref _ended);

    public void CountAttemptFailed() => Interlocked.Increment(ref _attemptsFailed);

    public void CountDoubled() => Interlocked.Increment(ref _doubled);

    /// <summary>Publishes how many jobs wait at this submitter for room on a node.</summary>
    public void ShowHeld(Func<int> held) =>
        _meter?.CreateObservableUpDownCounter("grid.compute.jobs_held", held, "{job}", "Submitted jobs that wait here until a node has room.");

    public void CountTaken() => Interlocked.Increment(ref _taken);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void Dispose() => _meter?.Dispose();
}
