namespace Grid;

/// <summary>
/// Work that is split into jobs, whose results are judged one by one and reduced to one: map/split/reduce in the sense of GridGain.
/// </summary>
/// <remarks>
/// The task object stays at the caller: <see cref="Map"/>, <see cref="OnResult"/> and <see cref="Reduce"/> run there, never two at a time.
/// Only the jobs travel. An exception from any of the three ends the task with it and cancels the jobs that are left.
/// </remarks>
/// <typeparam name="TArg">What is split.</typeparam>
/// <typeparam name="TJobResult">What each job returns.</typeparam>
/// <typeparam name="TResult">What the whole returns.</typeparam>
public abstract class GridTask<TArg, TJobResult, TResult>
{
    /// <summary>Splits the argument into jobs. A job may name its node; the others are placed by the load balancer.</summary>
    /// <param name="nodes">The members at this moment; nodes may leave or join before the jobs run.</param>
    /// <param name="arg">The argument.</param>
    /// <returns>The jobs, taken as there is room in flight; none is allowed.</returns>
    public abstract IEnumerable<GridJob<TJobResult>> Map(TopologyView nodes, TArg arg);

    /// <summary>
    /// Judges a result as it comes in. By default: waits for the others after a success, sends the job to another node after a failure
    /// that <see cref="GridException.IsTransient"/>, and throws any other failure.
    /// </summary>
    /// <param name="result">The new result.</param>
    /// <param name="received">All that came before it, in the order of arrival.</param>
    /// <returns>Whether to wait for more, to reduce now, or to run this job again elsewhere.</returns>
    public virtual ResultPolicy OnResult(JobResult<TJobResult> result, IReadOnlyList<JobResult<TJobResult>> received)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Exception is GridException { IsTransient: true })
        {
            return ResultPolicy.Failover;
        }

        _ = result.Value;
        return ResultPolicy.Wait;
    }

    /// <summary>Makes the result, once all jobs are in or <see cref="OnResult"/> said so. Jobs that are still running are then cancelled.</summary>
    /// <param name="results">The results received, in the order of arrival; those sent elsewhere by failover are not among them.</param>
    public abstract TResult Reduce(IReadOnlyList<JobResult<TJobResult>> results);
}
