namespace Grid.Hosting;

/// <summary>
/// A grid in front of another one that may not have started yet, or that has to be stopped together with something else: what a
/// container injects before the node is up.
/// </summary>
/// <param name="inner">The grid; throws while there is none.</param>
/// <param name="dispose">Ends it.</param>
internal sealed class ForwardingGrid(Func<IGrid> inner, Func<ValueTask> dispose) : IGrid
{
    public NodeInfo LocalNode => inner().LocalNode;

    public ITopology Topology => inner().Topology;

    public IMetricsView Metrics => inner().Metrics;

    public IHealthView Health => inner().Health;

    public IReadOnlyList<NodeInfo> Nodes => inner().Nodes;

    public INodeGroup Where(NodeSelector selector) => inner().Where(selector);

    public INodeGroup With(JobOptions options) => inner().With(options);

    public Task RunAsync(Action job, CancellationToken ct = default) => inner().RunAsync(job, ct);

    public Task RunAsync(Func<Task> job, CancellationToken ct = default) => inner().RunAsync(job, ct);

    public Task RunAsync(Func<IJobContext, Task> job, CancellationToken ct = default) => inner().RunAsync(job, ct);

    public Task<TResult> CallAsync<TResult>(Func<TResult> job, CancellationToken ct = default) => inner().CallAsync(job, ct);

    public Task<TResult> CallAsync<TResult>(Func<Task<TResult>> job, CancellationToken ct = default) => inner().CallAsync(job, ct);

    public Task<TResult> CallAsync<TResult>(Func<IJobContext, Task<TResult>> job, CancellationToken ct = default) => inner().CallAsync(job, ct);

    public Task<TResult> CallAsync<TArg, TResult>(Func<TArg, TResult> job, TArg arg, CancellationToken ct = default) => inner().CallAsync(job, arg, ct);

    public Task<TResult> CallAsync<TArg, TResult>(Func<TArg, Task<TResult>> job, TArg arg, CancellationToken ct = default) => inner().CallAsync(job, arg, ct);

    public Task<IReadOnlyList<NodeResult<TResult>>> BroadcastAsync<TResult>(Func<TResult> job, CancellationToken ct = default) => inner().BroadcastAsync(job, ct);

    public Task<TResult[]> MapAsync<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, TResult> map, CancellationToken ct = default) => inner().MapAsync(items, map, ct);

    public IAsyncEnumerable<TResult> StreamAsync<TItem, TResult>(IAsyncEnumerable<TItem> items, Func<TItem, TResult> map, CancellationToken ct = default) =>
        inner().StreamAsync(items, map, ct);

    public Task<TResult> MapReduceAsync<TItem, TMapped, TResult>(
        IEnumerable<TItem> items, Func<TItem, TMapped> map, TResult seed, Func<TResult, TMapped, TResult> reduce, CancellationToken ct = default) =>
        inner().MapReduceAsync(items, map, seed, reduce, ct);

    public Task<TResult> ExecuteAsync<TArg, TJobResult, TResult>(GridTask<TArg, TJobResult, TResult> task, TArg arg, CancellationToken ct = default) =>
        inner().ExecuteAsync(task, arg, ct);

    public Task<TResult> InvokeAsync<TResult>(ForkJoinTask<TResult> root, CancellationToken ct = default) => inner().InvokeAsync(root, ct);

    public Task<IJobHandle<TResult>> SubmitAsync<TResult>(Func<IJobContext, Task<TResult>> job, CancellationToken ct = default) => inner().SubmitAsync(job, ct);

    public ValueTask DisposeAsync() => dispose();
}
