namespace Grid;

/// <summary>
/// A set of worker nodes that runs work: the whole grid, or the part that <see cref="Where"/> leaves. Groups are
/// immutable, cheap and safe to use from any thread; membership is evaluated anew for each job, so a group made once
/// sees nodes that join later.
/// </summary>
/// <remarks>
/// <para>
/// Delegates are shipped with the values they capture. What cannot leave the process is refused with
/// <see cref="NotShippableException"/> before anything is sent. Each node gets its own copy: a job that changes a captured variable
/// changes nothing at the caller.
/// </para>
/// <para>
/// A job is run at least once and its result taken exactly once: when its node is lost the job is sent to another
/// one, up to <see cref="JobOptions.MaxAttempts"/> attempts, and a late result of a replaced attempt is refused. What the job itself throws is
/// not retried; it arrives as itself, with the remote stack. Other outcomes: <see cref="NoEligibleNodeException"/>,
/// <see cref="JobTimeoutException"/>, <see cref="NodeLostException"/>, <see cref="JobRejectedException"/>, <see cref="CodeShippingException"/>, and
/// <see cref="OperationCanceledException"/> when the caller's token was cancelled.
/// </para>
/// <para>
/// A caller that has too much in flight is slowed down: the returned task starts its job when there is room (the option is
/// <c>Grid:Compute:InFlightMax</c>).
/// </para>
/// </remarks>
public interface INodeGroup
{
    /// <summary>The live members that match, in join order.</summary>
    IReadOnlyList<NodeInfo> Nodes { get; }

    /// <summary>The part of this group that a rule accepts.</summary>
    /// <param name="selector">The rule.</param>
    INodeGroup Where(NodeSelector selector);

    /// <summary>The same nodes with other options for the jobs sent through the returned group.</summary>
    /// <param name="options">The options; they replace those of this group as a whole.</param>
    INodeGroup With(JobOptions options);

    /// <summary>Runs a job on one node.</summary>
    /// <param name="job">The work.</param>
    /// <param name="ct">Cancels the job where it runs, and this wait.</param>
    Task RunAsync(Action job, CancellationToken ct = default);

    /// <inheritdoc cref="RunAsync(Action, CancellationToken)"/>
    Task RunAsync(Func<Task> job, CancellationToken ct = default);

    /// <inheritdoc cref="RunAsync(Action, CancellationToken)"/>
    Task RunAsync(Func<IJobContext, Task> job, CancellationToken ct = default);

    /// <summary>Runs a job on one node and returns its result.</summary>
    /// <param name="job">The work.</param>
    /// <param name="ct">Cancels the job where it runs, and this wait.</param>
    /// <returns>What the job returned.</returns>
    Task<TResult> CallAsync<TResult>(Func<TResult> job, CancellationToken ct = default);

    /// <inheritdoc cref="CallAsync{TResult}(Func{TResult}, CancellationToken)"/>
    Task<TResult> CallAsync<TResult>(Func<Task<TResult>> job, CancellationToken ct = default);

    /// <inheritdoc cref="CallAsync{TResult}(Func{TResult}, CancellationToken)"/>
    Task<TResult> CallAsync<TResult>(Func<IJobContext, Task<TResult>> job, CancellationToken ct = default);

    /// <summary>Runs a job with an argument on one node and returns its result.</summary>
    /// <param name="job">The work; a static lambda ships nothing but the argument.</param>
    /// <param name="arg">Its argument; a copy arrives.</param>
    /// <param name="ct">Cancels the job where it runs, and this wait.</param>
    Task<TResult> CallAsync<TArg, TResult>(Func<TArg, TResult> job, TArg arg, CancellationToken ct = default);

    /// <inheritdoc cref="CallAsync{TArg, TResult}(Func{TArg, TResult}, TArg, CancellationToken)"/>
    Task<TResult> CallAsync<TArg, TResult>(Func<TArg, Task<TResult>> job, TArg arg, CancellationToken ct = default);

    /// <summary>Runs a job once on every node of the group, as it is at the call, and returns each node's outcome in join order.</summary>
    /// <param name="job">The work.</param>
    /// <param name="ct">Cancels all of it.</param>
    /// <returns>One result per node; a node that was lost or whose job threw has its exception there. Nothing is retried elsewhere.</returns>
    Task<IReadOnlyList<NodeResult<TResult>>> BroadcastAsync<TResult>(Func<TResult> job, CancellationToken ct = default);

    /// <summary>Maps items on the nodes, one job each, and returns the results in the order of the items.</summary>
    /// <param name="items">The items, taken as there is room in flight.</param>
    /// <param name="map">The function.</param>
    /// <param name="ct">Cancels all of it.</param>
    /// <returns>The results. The first exception cancels the rest and is thrown.</returns>
    Task<TResult[]> MapAsync<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, TResult> map, CancellationToken ct = default);

    /// <summary>Maps a stream of items and yields results as they complete, in any order, with a bounded number in flight.</summary>
    /// <param name="items">The items; the next is taken when there is room.</param>
    /// <param name="map">The function.</param>
    /// <param name="ct">Cancels all of it.</param>
    /// <returns>The results. The first exception ends the stream; leaving the enumeration cancels what is in flight.</returns>
    IAsyncEnumerable<TResult> StreamAsync<TItem, TResult>(IAsyncEnumerable<TItem> items, Func<TItem, TResult> map, CancellationToken ct = default);

    /// <summary>Maps items on the nodes and folds the results here, in the order of the items.</summary>
    /// <param name="items">The items, taken as there is room in flight.</param>
    /// <param name="map">The function that runs on the nodes.</param>
    /// <param name="seed">Where the fold starts.</param>
    /// <param name="reduce">The fold; runs at the caller, one call at a time.</param>
    /// <param name="ct">Cancels all of it.</param>
    Task<TResult> MapReduceAsync<TItem, TMapped, TResult>(
        IEnumerable<TItem> items, Func<TItem, TMapped> map, TResult seed, Func<TResult, TMapped, TResult> reduce, CancellationToken ct = default);

    /// <summary>Runs a task that splits its argument into jobs, decides on each result and reduces them.</summary>
    /// <param name="task">The task; it stays at the caller, only its jobs travel.</param>
    /// <param name="arg">What it splits.</param>
    /// <param name="ct">Cancels all of it.</param>
    Task<TResult> ExecuteAsync<TArg, TJobResult, TResult>(GridTask<TArg, TJobResult, TResult> task, TArg arg, CancellationToken ct = default);

    /// <summary>Runs a fork/join computation: the root goes to one node, and its tasks to whichever worker there is idle.</summary>
    /// <param name="root">The root task; it travels with its fields, and the caller's copy does not run.</param>
    /// <param name="ct">Cancels the computation on all its workers, and this wait.</param>
    /// <returns>What the root computed.</returns>
    Task<TResult> InvokeAsync<TResult>(ForkJoinTask<TResult> root, CancellationToken ct = default);

    /// <summary>Starts a job and returns at once with a handle that shows its progress and can cancel it.</summary>
    /// <param name="job">The work.</param>
    /// <param name="ct">Gives the submission up; once the handle is returned the job is cancelled through it.</param>
    Task<IJobHandle<TResult>> SubmitAsync<TResult>(Func<IJobContext, Task<TResult>> job, CancellationToken ct = default);
}
