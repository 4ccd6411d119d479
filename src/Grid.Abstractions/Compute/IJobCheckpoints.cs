namespace Grid;

/// <summary>
/// Values that a job saves while it runs, so that its next attempt, on another node, can go on where this one was. They are kept by the store that the node's configuration names
/// (<c>Grid:Checkpoint:Provider</c>), which all nodes of the cluster must reach. Safe to use from any thread of the job.
/// </summary>
/// <remarks>
/// A later attempt of a job locks the earlier ones out of what it has loaded or saved, so one that was given up for lost and is not cannot overwrite what its successor has done.
/// A value is written as arguments of jobs are, and can be read by jobs that have its type.
/// </remarks>
public interface IJobCheckpoints
{
    /// <summary>Saves a value in place of an older one.</summary>
    /// <typeparam name="TValue">Its type; what can travel with a job can be saved.</typeparam>
    /// <param name="name">Its name, 1 to 256 characters.</param>
    /// <param name="value">The value; at most <c>Grid:Checkpoint:ValueBytesMax</c> when written, 16 MiB by default.</param>
    /// <param name="scope">Who sees it.</param>
    /// <param name="timeToLive">How long it is kept: above zero to 10 years; by default one day in a task's scope and 30 days in the global one.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>False when nothing was saved because a later attempt of this job has taken over: this one may as well end.</returns>
    /// <exception cref="NotShippableException">The value is tied to this process.</exception>
    /// <exception cref="CheckpointException">The value is too large, or the store cannot be used or is full.</exception>
    /// <exception cref="GridConfigurationException">No store is configured on this node.</exception>
    Task<bool> SaveAsync<TValue>(string name, TValue value, CheckpointScope scope = CheckpointScope.Task, TimeSpan? timeToLive = null, CancellationToken ct = default);

    /// <summary>Loads a value.</summary>
    /// <typeparam name="TValue">Its type.</typeparam>
    /// <param name="name">Its name, 1 to 256 characters.</param>
    /// <param name="fallback">What to return when there is none, because it was not saved, was removed or has outlived its time.</param>
    /// <param name="scope">Who sees it.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="CheckpointException">The store cannot be used.</exception>
    /// <exception cref="GridConfigurationException">No store is configured on this node.</exception>
    Task<TValue> LoadAsync<TValue>(string name, TValue fallback, CheckpointScope scope = CheckpointScope.Task, CancellationToken ct = default);

    /// <summary>Removes a value; one that is not there counts as removed.</summary>
    /// <param name="name">Its name, 1 to 256 characters.</param>
    /// <param name="scope">Who sees it.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>False when nothing was removed because a later attempt of this job has taken over.</returns>
    /// <exception cref="CheckpointException">The store cannot be used.</exception>
    /// <exception cref="GridConfigurationException">No store is configured on this node.</exception>
    Task<bool> RemoveAsync(string name, CheckpointScope scope = CheckpointScope.Task, CancellationToken ct = default);
}
