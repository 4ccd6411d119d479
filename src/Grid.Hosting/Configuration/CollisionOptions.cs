namespace Grid.Hosting;

/// <summary>Who gets the next slot of a node: the section <c>Grid:Collision</c>.</summary>
public sealed class CollisionOptions
{
    /// <summary>
    /// <c>Provider</c>: <c>Fifo</c> (default), first come, first served; <c>Priority</c>, by <see cref="JobOptions.Priority"/>, where waiting raises it (<c>Collision:Priority:Step</c>); <c>FairShare</c>, in turn
    /// among tenants or pools by weight (<c>Collision:FairShare:By</c>, <c>Collision:FairShare:Weights:name</c>); or a name that was registered.
    /// </summary>
    public string Provider { get; init; } = "Fifo";

    /// <summary>
    /// <c>MemoryWatermark</c>: from which fraction of the memory limit (the container's, or the machine's) on the node starts no further job while one runs, 0.1 to 1; 0 (default) for never. It goes on at 0.05
    /// below. Looked at once per <see cref="MetricsOptions.Period"/>, so leave room for what jobs allocate in that time. Lower is safer and leaves slots idle.
    /// </summary>
    public double MemoryWatermark { get; init; }
}
