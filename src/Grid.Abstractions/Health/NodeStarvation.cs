namespace Grid;

/// <summary>What gets nowhere on a node.</summary>
[Flags]
public enum NodeStarvation
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Every slot is held by a job whose thread waits for something, and none of them has ended for a while.</summary>
    JobLanes = 1,

    /// <summary>Work that is queued to the shared thread pool is not taken up.</summary>
    ThreadPool = 2,
}
