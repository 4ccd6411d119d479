namespace Grid.Benchmarks.ZooKeeper;

/// <summary>How soon a change is known elsewhere, medians in microseconds.</summary>
/// <param name="Commit">From the writer's call to the commit, estimated: a write's round trip less half of a read's, which is the answer's way back.</param>
/// <param name="Event">From the writer's call to the event at a client of Grid's.</param>
/// <param name="BareEvent">The same at a blocking socket.</param>
internal readonly record struct WatchFigures(double Commit, double Event, double BareEvent);
