namespace Grid;

/// <summary>
/// With whom a job shares its loaded code on a node, and so its static fields. Code is never shared between different builds: two versions
/// of one assembly always run side by side.
/// </summary>
public enum CodeIsolation
{
    /// <summary>
    /// Jobs of all submitters that run the very same code share one copy of it (default): static fields are a cache that they have in common. The copy is
    /// unloaded when the last of these submitters is gone and its jobs are done, or when it has been idle for long. Code that the node's own program consists of is
    /// used as it is, static fields included.
    /// </summary>
    Shared = 0,

    /// <summary>Each submitter has a copy of its own, for all its jobs. It is unloaded when that submitter is gone and its jobs are done, or when it has been idle for long.</summary>
    Isolated = 1,

    /// <summary>
    /// Each call has a copy of its own: the job, or all jobs of one map, broadcast or task. Static fields begin anew with every call. It is unloaded soon after the last job;
    /// loading it costs milliseconds and memory for each call and node.
    /// </summary>
    Private = 2,
}
