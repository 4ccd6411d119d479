namespace Grid;

/// <summary>Who sees a checkpoint.</summary>
public enum CheckpointScope
{
    /// <summary>The jobs of one call, in all their attempts: all jobs of a map, stream or task, or the one job of any other call.</summary>
    Task = 0,

    /// <summary>All jobs that use the same store.</summary>
    Global = 1,
}
