using Grid.Kernel.Compute.Execution;

namespace Grid.Kernel.Compute.Submission;

/// <summary>The nodes that a selector leaves, with the options for jobs sent there.</summary>
internal class NodeGroup : INodeGroup
{
    private readonly NodeSelector _selector;

    /// <summary>Makes a group.</summary>
    /// <param name="submitter">Sends the jobs.</param>
    /// <param name="scope">On whose behalf.</param>
    /// <param name="selector">Which nodes.</param>
    /// <param name="options">How jobs are run.</param>
    public NodeGroup(JobSubmitter submitter, SubmitterScope scope, NodeSelector selector, JobOptions options)
        : this(submitter, selector, new JobSpec(scope, submitter.NodesFor(selector, options), options))
    {
    }

    private NodeGroup(JobSubmitter submitter, NodeSelector selector, JobSpec spec)
    {
        Submitter = submitter;
        _selector = selector;
        Spec = spec;
    }

    /// <inheritdoc/>
    public IReadOnlyList<NodeInfo> Nodes => Spec.Nodes.Members;

    protected JobSubmitter Submitter { get; }

    private JobSpec Spec { get; }

    /// <inheritdoc/>
    public INodeGroup Where(NodeSelector selector)
    {
        ArgumentNullException.ThrowIfNull(selector);
        return new NodeGroup(Submitter, Spec.Scope, _selector.And(selector), Spec.Options);
    }

    /// <inheritdoc/>
    public INodeGroup With(JobOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new NodeGroup(Submitter, _selector, Spec with
        {
            Options = options,
            Nodes = options.Resources.Equals(Spec.Options.Resources) ? Spec.Nodes : Submitter.NodesFor(_selector, options),
        });
    }

    /// <inheritdoc/>
    public Task RunAsync(Action job, CancellationToken ct = default) => StartAsync<Nothing>(job, ct);

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> job, CancellationToken ct = default) => StartAsync<Nothing>(job, ct);

    /// <inheritdoc/>
    public Task RunAsync(Func<IJobContext, Task> job, CancellationToken ct = default) => StartAsync<Nothing>(job, ct);

    /// <inheritdoc/>
    public Task<TResult> CallAsync<TResult>(Func<TResult> job, CancellationToken ct = default) => StartAsync<TResult>(job, ct);

    /// <inheritdoc/>
    public Task<TResult> CallAsync<TResult>(Func<Task<TResult>> job, CancellationToken ct = default) => StartAsync<TResult>(job, ct);

    /// <inheritdoc/>
    public Task<TResult> CallAsync<TResult>(Func<IJobContext, Task<TResult>> job, CancellationToken ct = default) => StartAsync<TResult>(job, ct);

    /// <inheritdoc/>
    public Task<TResult> CallAsync<TArg, TResult>(Func<TArg, TResult> job, TArg arg, CancellationToken ct = default) =>
        StartAsync<TArg, TResult>(job, arg, ct);

    /// <inheritdoc/>
    public Task<TResult> CallAsync<TArg, TResult>(Func<TArg, Task<TResult>> job, TArg arg, CancellationToken ct = default) =>
        StartAsync<TArg, TResult>(job, arg, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeResult<TResult>>> BroadcastAsync<TResult>(Func<TResult> job, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        return new Broadcast<TResult>(Submitter, SpecOfCall(), job).RunAsync(ct);
    }

    /// <inheritdoc/>
    public Task<TResult[]> MapAsync<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, TResult> map, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(map);
        return new ParallelMap<TItem, TResult>(Submitter, SpecOfSiblings(), map).ToArrayAsync(items, ct);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<TResult> StreamAsync<TItem, TResult>(IAsyncEnumerable<TItem> items, Func<TItem, TResult> map, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(map);
        return new ParallelMap<TItem, TResult>(Submitter, SpecOfSiblings(), map).StreamAsync(items, ct);
    }

    /// <inheritdoc/>
    public Task<TResult> MapReduceAsync<TItem, TMapped, TResult>(
        IEnumerable<TItem> items, Func<TItem, TMapped> map, TResult seed, Func<TResult, TMapped, TResult> reduce, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(reduce);
        return new ParallelMap<TItem, TMapped>(Submitter, SpecOfSiblings(), map).FoldAsync(items, seed, reduce, ct);
    }

    /// <inheritdoc/>
    public Task<TResult> ExecuteAsync<TArg, TJobResult, TResult>(GridTask<TArg, TJobResult, TResult> task, TArg arg, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new GridTaskRun<TArg, TJobResult, TResult>(Submitter, SpecOfSiblings(), _selector, task).RunAsync(arg, ct);
    }

    /// <inheritdoc/>
    public Task<TResult> InvokeAsync<TResult>(ForkJoinTask<TResult> root, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(root);
        return StartAsync<ForkJoinTask<TResult>, TResult>(
            ReferenceEquals(_selector, NodeSelector.Any) ? (Func<ForkJoinTask<TResult>, TResult>)ForkJoinRoot.Run : new ForkJoinSelection([.. Nodes.Select(node => node.Id)]).Run, root, ct);
    }

    /// <inheritdoc/>
    public async Task<IJobHandle<TResult>> SubmitAsync<TResult>(Func<IJobContext, Task<TResult>> job, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        var spec = Spec with { WantsNotices = true };
        var call = Submitter.Prepare<TResult>(spec, job);
        var handle = new JobHandle<TResult>(call);
        await spec.Scope.EnterAsync(ct).ConfigureAwait(false);
        Submitter.Start(call, CancellationToken.None);
        return handle;
    }

    private Task<TResult> StartAsync<TResult>(Delegate job, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (ct.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(ct);
        }

        try
        {
            return Submitter.RunAsync(Spec, Submitter.Prepare<TResult>(Spec, job), ct);
        }
        catch (GridException exception)
        {
            return Task.FromException<TResult>(exception);
        }
    }

    private Task<TResult> StartAsync<TArg, TResult>(Delegate job, TArg arg, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (ct.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(ct);
        }

        try
        {
            return Submitter.RunAsync(Spec, Submitter.Prepare<TArg, TResult>(Spec, job, arg), ct);
        }
        catch (GridException exception)
        {
            return Task.FromException<TResult>(exception);
        }
    }

    /// <summary>For a call of several jobs: they share their code even if they share it with nobody else, and they have turns of their own when nodes have no room.</summary>
    private JobSpec SpecOfCall() => Spec with { Call = Submitter.NextCall() };

    /// <summary>For a call of several jobs that can be compared with each other.</summary>
    private JobSpec SpecOfSiblings() => Spec.Options is { Speculate: { } speculation, IsIdempotent: true }
        ? SpecOfCall() with { Stragglers = new StragglerWatch(Submitter, speculation) }
        : SpecOfCall();
}
